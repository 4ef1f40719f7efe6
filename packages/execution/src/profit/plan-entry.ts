import { contractOf, Money, rounded, signOf } from '@parallax/money';
import type { InstrumentSpecification, PlanResult, UnevenLeg } from '@parallax/types';
import type { Lot } from './lots.js';

/** Causes that a plan tells itself. */
export const PLAN_CAUSES = ['spread', 'slippage', 'exitCost', 'fees'] as const;
export type PlanCause = (typeof PLAN_CAUSES)[number];

/** What is kept of a plan's result until no other end of it can come. */
export interface PlanEntry {
  readonly intentId: string;
  readonly account: string;
  readonly currency: string;
  readonly revision: number;
  /** Its number in the stream of results; null until it is stored. */
  sequence: number | null;
  readonly finishedAtUs: number;
  readonly firstFillAtUs: number;
  readonly fills: number;
  readonly causes: Readonly<Record<PlanCause, Money>>;
  readonly cash: Money;
  readonly otherFees: readonly (readonly [currency: string, amount: Money])[];
  readonly lot: Lot | null;
  /** What of it is too small for an order, in the venue's unit. */
  readonly dust: { readonly venue: string; readonly symbol: string; readonly size: Money } | null;
}

/** `specification` is of what stands alone in the result; undefined where that is nothing, or not known. */
export function entryOf(result: PlanResult, sequence: number | null, specification: InstrumentSpecification | undefined): PlanEntry {
  const { intentId, account, currency, revision, finishedAtUs, firstFillAtUs = finishedAtUs, fillCount: fills, dust } = result;
  const rest = result.uneven ?? dust;
  const held = new Money(result.held);
  // In results from before causes added up, `held` was also the counterpart of a slippage that was not won.
  const slippage = rest ? new Money(result.slippage) : held.plus(result.slippage);
  return {
    intentId, account, currency, revision, sequence, finishedAtUs, firstFillAtUs, fills, cash: new Money(result.total),
    causes: { spread: new Money(result.spread), slippage, exitCost: new Money(result.exitCost), fees: new Money(result.fees) },
    otherFees: Object.entries(result.otherFees).map(([of, amount]) => [of, new Money(amount)]),
    lot: rest && lotOf(rest, held, specification),
    dust: dust && { venue: dust.venue, symbol: dust.symbol, size: signedSize(dust) },
  };
}

/** By their ends: in whatever order results come, the same lots are evened against each other. */
export const byEnd = (one: PlanEntry, other: PlanEntry): number =>
  one.finishedAtUs - other.finishedAtUs || (one.intentId < other.intentId ? -1 : 1);

/** Whether the plan moved nothing. */
export const isNothing = ({ fills, cash, otherFees }: PlanEntry): boolean => fills === 0 && cash.isZero() && otherFees.length === 0;

const signedSize = ({ side, size }: UnevenLeg): Money => new Money(size).times(signOf(side));

function lotOf(rest: UnevenLeg, held: Money, specification: InstrumentSpecification | undefined): Lot {
  const { venue, symbol, side, baseSize } = rest;
  const base = specification?.base ?? `${venue}:${symbol}`;
  const size = baseSize === undefined ? sizeBefore(rest, held, specification) : new Money(baseSize);
  return { base, venue, symbol, size: size.times(signOf(side)), cash: held };
}

/** The base units of what a result left that did not tell them yet: of inverse contracts, what was paid at the price paid. */
function sizeBefore({ size, price }: UnevenLeg, held: Money, specification: InstrumentSpecification | undefined): Money {
  if (specification?.inverse) return rounded(held.abs().div(price));
  return specification ? contractOf(specification).units(new Money(size)) : new Money(size);
}
