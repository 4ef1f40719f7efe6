import { textFromScaled, type InstrumentSpecification } from '@parallax/types';
import { spotOf } from '../market.js';
import { DEPTH_LEVELS, kindOf, symbolOf, SYMBOLS, UpdateKind, VENUE_IDS } from './schedule.js';

const LEVELS = 8;
/** The lifted book stands so many ticks (2 %) higher; it has three bids and one ask more than it had. */
const LIFT = 200;
const LIFTED_BIDS = 3;
const SIZES = Array.from({ length: 1000 }, (_, i) => textFromScaled(1_000 + i, 3));
const GONE = '0.000';

export const INSTRUMENTS: readonly InstrumentSpecification[] = VENUE_IDS.flatMap((venue, number) =>
  Array.from({ length: SYMBOLS }, (_, symbol): InstrumentSpecification => {
    const spot = spotOf(venue, `COIN${symbol}`, 3);
    return number === 0 ? spot : { ...spot, symbol: `${spot.symbol}:USDT`, kind: 'swap' };
  }),
);

type Levels = readonly string[];

/** One symbol's book at one venue: prices stand, sizes change, and now and then the whole book is lifted. */
class SymbolState {
  lastId = 1_000_000;
  /** Of the last depth update. */
  depthId = this.lastId;
  lifted = false;
  private turn = 0;
  private readonly bids: Levels;
  private readonly asks: Levels;
  private readonly liftedBids: Levels;
  private readonly liftedAsks: Levels;
  private readonly far: Levels;
  private bidSize = SIZES[0];
  private askSize = SIZES[0];

  constructor(middle: number) {
    const prices = (count: number, first: number, step: number): Levels =>
      Array.from({ length: count }, (_, i) => textFromScaled(first + i * step, INSTRUMENTS[0].priceScale));
    this.bids = prices(LEVELS, middle - 1, -1);
    this.asks = prices(LEVELS, middle + 1, 1);
    this.far = prices(DEPTH_LEVELS - 2 * LEVELS, middle - 60, -1);
    this.liftedBids = prices(LIFTED_BIDS, middle + LIFT - 1, -1);
    this.liftedAsks = prices(DEPTH_LEVELS - LEVELS - LIFTED_BIDS, middle + LIFT + 1, 1);
  }

  snapshot(): string {
    const rest = (prices: Levels, first: string): string[] => prices.map((price, i) => level(price, i === 0 ? first : SIZES[7]));
    const bids = [...(this.lifted ? rest(this.liftedBids, this.bidSize) : []), ...rest(this.bids, this.lifted ? SIZES[7] : this.bidSize)];
    const asks = rest(this.lifted ? this.liftedAsks : this.asks, this.askSize);
    return `{"lastUpdateId":${this.lastId},"bids":[${bids.join()}],"asks":[${asks.join()}]}`;
  }

  /** New sizes at the best prices, as a bookTicker tells them. */
  ticker(): string {
    this.resize();
    const [bid, ask] = [this.lifted ? this.liftedBids[0] : this.bids[0], this.lifted ? this.liftedAsks[0] : this.asks[0]];
    return `"b":"${bid}","B":"${this.bidSize}","a":"${ask}","A":"${this.askSize}"`;
  }

  /** DEPTH_LEVELS changed levels, as a depth update tells them; lifts the book or brings it back. */
  depth(lift: boolean): string {
    this.resize();
    if (this.lifted) {
      this.lifted = false;
      return side(this.liftedBids.map(gone), [...this.liftedAsks.map(gone), ...this.same(this.asks, this.askSize)]);
    }
    if (lift) {
      this.lifted = true;
      return side(this.same(this.liftedBids, this.bidSize), [...this.asks.map(gone), ...this.same(this.liftedAsks, this.askSize)]);
    }
    return side([...this.same(this.bids, this.bidSize), ...this.same(this.far, SIZES[this.turn % 1000])], this.same(this.asks, this.askSize));
  }

  private same(prices: Levels, first: string): string[] {
    return prices.map((price, i) => level(price, i === 0 ? first : SIZES[(this.turn + i) % 1000]));
  }

  private resize(): void {
    this.lastId++;
    this.turn = (this.turn + 1) % 997;
    this.bidSize = SIZES[this.turn];
    this.askSize = SIZES[997 - this.turn];
  }
}

const level = (price: string, size: string): string => `["${price}","${size}"]`;
const gone = (price: string): string => level(price, GONE);
const side = (bids: readonly string[], asks: readonly string[]): string => `"b":[${bids.join()}],"a":[${asks.join()}]`;

/** Frames of Binance spot and USD-M, endlessly: the same symbols, a perpetual above its spot now and then. */
export class SignalMarket {
  private readonly states = VENUE_IDS.map(() => Array.from({ length: SYMBOLS }, (_, symbol) => new SymbolState(10_000 + symbol * 100)));

  snapshot(venue: number, symbol: number): string {
    return this.states[venue][symbol].snapshot();
  }

  /** The text of a venue's `update`-th frame as its socket would give it at `nowUs`. */
  frame(venue: number, update: number, edgeEvery: number, nowUs: number): string {
    const symbol = symbolOf(update);
    const state = this.states[venue][symbol];
    const kind = kindOf(venue, update, edgeEvery);
    const [name, lower] = [`COIN${symbol}USDT`, `coin${symbol}usdt`];
    const ms = Math.floor(nowUs / 1000);
    if (kind === UpdateKind.ticker) {
      const prices = state.ticker();
      const data = venue === 0
        ? `{"u":${state.lastId},"s":"${name}",${prices}}`
        : `{"e":"bookTicker","u":${state.lastId},"s":"${name}",${prices},"T":${ms},"E":${ms}}`;
      return `{"stream":"${lower}@bookTicker","data":${data}}`;
    }
    const before = state.depthId;
    const levels = state.depth(kind === UpdateKind.opens);
    state.depthId = state.lastId;
    const ids = venue === 0 ? `"U":${before + 1},"u":${state.lastId}` : `"U":${before},"u":${state.lastId},"pu":${before}`;
    const times = venue === 0 ? `"E":${ms}` : `"E":${ms},"T":${ms}`;
    return `{"stream":"${lower}@depth@100ms","data":{"e":"depthUpdate",${times},"s":"${name}",${ids},${levels}}}`;
  }
}
