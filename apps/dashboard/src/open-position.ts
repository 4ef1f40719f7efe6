import type { InstrumentSpecification, Position } from '@parallax/types';
import { priceDecimals } from './decimals.js';
import type { Quote } from './entities.js';

/** A quote whose last proof of life is older says nothing of what is worth what now, in microseconds. */
export const MARK_MAX_AGE_US = 5_000_000;

/** What an open position is worth; for reading, nothing is added up from it. */
export interface OpenProfit {
  /** In the position's currency; null: nobody knows. */
  readonly amount: number | null;
  /** How that comes about, or why it is not known. */
  readonly why: string;
}

/** What is held, without what is flat: the largest first by what it cost. */
export function openPositions(positions: readonly Position[]): Position[] {
  const cost = ({ size, averagePrice }: Position): number => Math.abs(Number(size) * Number(averagePrice ?? 0));
  return positions.filter(({ size }) => Number(size) !== 0).sort((a, b) => cost(b) - cost(a));
}

/** Marked at the middle of the instrument's own quote, where that is trusted, told and young. */
export function openProfitOf(
  { size, averagePrice }: Position, instrument: InstrumentSpecification | undefined, quote: Quote | undefined, isTrustTold: boolean, nowUs: number,
): OpenProfit {
  if (averagePrice === null) return unknown('its average price was not told');
  if (instrument === undefined) return unknown('its instrument is not known');
  if (quote === undefined || quote.bid === null || quote.ask === null) return unknown('there is no quote of it');
  if (!isTrustTold) return unknown('normalisation is not heard');
  if (quote.trust !== 'synced') return unknown(`its quote is not trusted: ${quote.cause}`);
  if (quote.provenAtUs === null) return unknown('how old its quote is was not told');
  const ageUs = nowUs - quote.provenAtUs;
  if (ageUs > MARK_MAX_AGE_US || ageUs < -MARK_MAX_AGE_US) return unknown('its quote is too old');
  const mark = (Number(quote.bid.price) + Number(quote.ask.price)) / 2;
  const units = Number(size) * Number(instrument.contractSize);
  const amount = instrument.inverse ? units * (1 / Number(averagePrice) - 1 / mark) : units * (mark - Number(averagePrice));
  return { amount, why: `marked at ${mark.toFixed(priceDecimals(instrument) + 1)}, the middle of its quote` };
}

const unknown = (why: string): OpenProfit => ({ amount: null, why });
