import type { ModelTrade } from './events.js';
import type { ModelBook } from './model-book.js';
import type { Behaviour, InstrumentScenario, VenueScenario } from './scenario.js';
import { occurrences, type SeededRandom } from './seeded-random.js';

/** How far a trend tilts takers to its side. */
const TILT = 0.25;
const LARGEST = 30;
const NONE: readonly ModelTrade[] = [];

/** What takers meet: a book that they take from, and a number for each trade. */
export interface TradedMarket {
  readonly venue: VenueScenario;
  readonly scenario: InstrumentScenario;
  readonly book: ModelBook;
  /** Where quotes gather, as a price in the quote currency. */
  readonly fairPrice: number;
  takeTradeId(): number;
}

/**
 * The takers of one step: each takes the best levels of the other side until its size is filled, one trade per level.
 * Sizes follow a Pareto law of exponent 2, cut at 30 times the least. The last level of a side is never taken.
 */
export function drawTrades(
  market: TradedMarket, seconds: number, dollarsPerQuote: number, behaviour: Behaviour, direction: number,
  random: SeededRandom, atUs: number,
): readonly ModelTrade[] {
  const { venue, scenario, book } = market;
  const expected = venue.tradesPerSecond * scenario.activity * behaviour.tradeFactor * seconds;
  const takers = occurrences(random, expected);
  if (takers === 0) return NONE;
  const trades: ModelTrade[] = [];
  const tilt = behaviour.driftBps > 0 ? TILT * direction : 0;
  const unit = market.fairPrice * dollarsPerQuote * Number(scenario.contractSize);
  for (let i = 0; i < takers; i++) {
    const side = random.next() < 0.5 + tilt ? 1 : -1;
    const other = side > 0 ? book.asks : book.bids;
    const multiple = Math.min(LARGEST, 1 / Math.sqrt(1 - random.next()));
    const wanted = ((venue.tradeNotional * multiple) / 2 / unit) * 10 ** scenario.sizeScale;
    let left = scenario.sizeStep * Math.max(1, Math.round(wanted / scenario.sizeStep));
    while (left > 0 && other.count > 1) {
      const price = other.best;
      const size = Math.min(left, other.sizes[0]);
      other.set(price, other.sizes[0] - size);
      left -= size;
      trades.push({ id: market.takeTradeId(), price, size, side, atUs });
    }
  }
  return trades;
}
