import { compare, exceeds, larger, Money, quotient, sumOf, ZERO } from '@parallax/money';
import type { InstrumentFacts } from './instrument-facts.js';
import type { Claims, SideReserve } from './ledger/exposure-book.js';
import type { OrderView, PlanView } from './plan-view.js';

/** What a plan may still trade on one side of an instrument. */
export interface Claim extends Readonly<SideReserve> {
  /**
   * `leg`: the leg itself, and what replaces it at its own instrument. `exit`: what replaces it elsewhere. `back`: what takes
   * back what the leg did; nothing until the leg has filled, and then at most what filled.
   */
  readonly kind: 'leg' | 'exit' | 'back';
  readonly facts: InstrumentFacts;
  readonly side: 'buy' | 'sell';
  /** The leg that trades, fails, or is taken back. */
  readonly leg: number;
  /** Of `leg`: an exit may have it at its own instrument once more. */
  readonly retried: boolean;
}

const NOTHING: Readonly<SideReserve> = { size: ZERO, value: ZERO, settled: ZERO };

/**
 * The worst that a plan can trade. A leg and an exit that stands in for it on its own side and instrument are one claim, of
 * the larger amounts: together they fill no more. An exit that takes back what a leg did is one claim beside it. Any other
 * exit, such as a hedge at a third venue, is a claim of its own. Alternatives on one side of an instrument count once.
 */
export function claimsOf(view: PlanView): Claim[] {
  const claims: Claim[] = [];
  for (const { facts, side, leg, size, value, settled } of view.legs) {
    if (facts) claims.push({ kind: 'leg', facts, side, leg, retried: false, size, value, settled });
  }
  for (const exit of view.exits) {
    const { facts, side } = exit;
    if (!facts) continue;
    const undone = takenBackBy(exit, view.legs);
    if (undone) widen(claims, { kind: 'back', facts, side, leg: undone.leg, retried: false }, exit);
    else if (replaces(exit, view.legs)) widen(claims, { kind: 'leg', facts, side, leg: exit.leg, retried: true }, exit);
    else widen(claims, { kind: 'exit', facts, side, leg: exit.leg, retried: false }, exit);
  }
  return claims;
}

type Named = Omit<Claim, keyof SideReserve>;

/** Adds an exit to the claims: where there is one of its kind already, that one grows to the larger amounts. */
function widen(claims: Claim[], named: Named, { size, value, settled }: Readonly<SideReserve>): void {
  for (let i = 0; i < claims.length; i++) {
    const known = claims[i];
    const same = known.kind === named.kind && known.facts === named.facts && known.side === named.side && known.leg === named.leg;
    if (!same) continue;
    claims[i] = {
      ...named, size: larger(known.size, size), value: larger(known.value, value), settled: larger(known.settled, settled),
    };
    return;
  }
  claims.push({ ...named, size, value, settled });
}

/** The leg of which an exit takes back no more than it did, on its instrument. */
function takenBackBy(exit: OrderView, legs: readonly OrderView[]): OrderView | null {
  for (const leg of legs) if (leg.key === exit.key && leg.side !== exit.side && !exceeds(exit.size, leg.size)) return leg;
  return null;
}

function replaces(exit: OrderView, legs: readonly OrderView[]): boolean {
  for (const leg of legs) if (leg.key === exit.key && leg.side === exit.side && leg.leg === exit.leg) return true;
  return false;
}

/** What is reserved at approval, when nothing has filled that could be taken back. */
export const isReservedAtOnce = ({ kind }: Claim): boolean => kind !== 'back';

/** The claims at approval summed by instrument, as the checks add them to what is already open. */
export function claimsByInstrument(claims: readonly Claim[]): Claims[] {
  // A handful at most: looking through them is quicker than hashing their names.
  const sums: Claims[] = [];
  for (const claim of claims) {
    if (!isReservedAtOnce(claim)) continue;
    const sum = sumAt(claim.facts, sums);
    sum[claim.side] = together(sum[claim.side], claim);
  }
  return sums;
}

function sumAt(facts: InstrumentFacts, sums: Claims[]): Claims {
  for (const sum of sums) if (sum.facts.key === facts.key) return sum;
  const sum: Claims = { facts, buy: NOTHING, sell: NOTHING };
  sums.push(sum);
  return sum;
}

function together(sum: Readonly<SideReserve>, claim: Claim): Readonly<SideReserve> {
  if (sum === NOTHING) return claim;
  return { size: sumOf(sum.size, claim.size), value: sumOf(sum.value, claim.value), settled: sumOf(sum.settled, claim.settled) };
}

/** The part of a claim that has so much of its size; null for nothing. */
export function partOf(claim: Claim, size: Money): Claim | null {
  if (!exceeds(size, ZERO)) return null;
  if (compare(size, claim.size) === 0) return claim;
  const part = (amount: Money): Money => quotient(amount.times(size), claim.size);
  const value = part(claim.value);
  // Linear instruments settle in their quote: one amount serves for both.
  return { ...claim, size, value, settled: claim.settled === claim.value ? value : part(claim.settled) };
}
