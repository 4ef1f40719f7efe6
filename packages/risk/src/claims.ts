import type { InstrumentFacts } from './instrument-facts.js';
import type { Claims, SideReserve } from './ledger/exposure-book.js';
import { differenceOf, exceeds, Money, notNegative, quotient, sumOf, ZERO } from './money.js';
import type { OrderView, PlanView } from './plan-view.js';

/** What one leg or exit may still add to its side of an instrument. */
export interface Claim {
  readonly facts: InstrumentFacts;
  readonly side: 'buy' | 'sell';
  readonly leg: number;
  readonly exit: boolean;
  readonly size: Money;
  readonly value: Money;
  readonly settled: Money;
}

const NOTHING: Readonly<SideReserve> = { size: ZERO, value: ZERO, settled: ZERO };

/**
 * The worst that a plan can add. A leg adds itself. A reverse takes back what a leg did before: within the leg's own
 * range, it adds nothing. An exit on the side and instrument of the leg it stands for replaces that leg: it adds what
 * it exceeds the leg by. Any other exit, such as a hedge at a third venue, adds itself.
 */
export function claimsOf(view: PlanView): Claim[] {
  const claims: Claim[] = [];
  for (const leg of view.legs) if (leg.facts) claims.push(claimOf(leg, leg.facts));
  for (const exit of view.exits) {
    if (!exit.facts) continue;
    if (isCovered(exit, view.legs)) continue;
    const replaced = replacedBy(exit, view.legs);
    const claim = claimOf(exit, exit.facts);
    const added = replaced
      ? {
          ...claim,
          size: notNegative(differenceOf(claim.size, replaced.size)),
          value: notNegative(differenceOf(claim.value, replaced.value)),
          settled: notNegative(differenceOf(claim.settled, replaced.settled)),
        }
      : claim;
    if (!added.size.isZero() || !added.value.isZero()) claims.push(added);
  }
  return claims;
}

/** Whether an exit takes back no more than what a leg did on its instrument. */
function isCovered(exit: OrderView, legs: readonly OrderView[]): boolean {
  for (const leg of legs) if (leg.key === exit.key && leg.side !== exit.side && !exceeds(exit.size, leg.size)) return true;
  return false;
}

function replacedBy(exit: OrderView, legs: readonly OrderView[]): OrderView | null {
  for (const leg of legs) if (leg.key === exit.key && leg.side === exit.side && leg.leg === exit.leg) return leg;
  return null;
}

function claimOf(order: OrderView, facts: InstrumentFacts): Claim {
  const { side, leg, size, value, settled } = order;
  return { facts, side, leg, exit: order.exit !== null, size, value, settled };
}

/** The claims summed by instrument, as the checks add them to what is already open. */
export function claimsByInstrument(claims: readonly Claim[]): Claims[] {
  // A handful at most: looking through them is quicker than hashing their names.
  const sums: Claims[] = [];
  for (const claim of claims) {
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

/** The part of a claim that `filled` of its size leaves; zero or less filled leaves all of it. */
export function remainderOf(claim: Claim, filled: Money): Claim {
  if (filled.isZero()) return claim;
  if (!exceeds(claim.size, filled)) return { ...claim, size: ZERO, value: ZERO, settled: ZERO };
  const size = claim.size.minus(filled);
  const part = (amount: Money): Money => quotient(amount.times(size), claim.size);
  return { ...claim, size, value: part(claim.value), settled: part(claim.settled) };
}
