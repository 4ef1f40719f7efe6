import type { InstrumentSpecification } from './instrument.js';

/** Venues charge spot and derivatives by schedules of their own. */
export type MarketKind = 'spot' | 'derivative';

/** A fee as a share of the traded value, decimal text: one for everything, or one for each kind of market. */
export type FeeRate = string | Readonly<Partial<Record<MarketKind, string>>>;

export const marketKindOf = ({ kind }: Pick<InstrumentSpecification, 'kind'>): MarketKind => (kind === 'spot' ? 'spot' : 'derivative');

/** The rate of an instrument; undefined where none is known for its kind. */
export function rateOf(rate: FeeRate | undefined, instrument: Pick<InstrumentSpecification, 'kind'>): string | undefined {
  return typeof rate === 'string' ? rate : rate?.[marketKindOf(instrument)];
}

/**
 * Whether a venue takes a fee in this currency out of what a fill traded: on spot markets, in the base currency. A purchase
 * then brings less than its size and a sale takes more. The base in which an inverse contract settles is no part of its size.
 */
export function isTakenFromSize({ kind, base }: Pick<InstrumentSpecification, 'kind' | 'base'>, feeCurrency: string): boolean {
  return kind === 'spot' && feeCurrency === base;
}
