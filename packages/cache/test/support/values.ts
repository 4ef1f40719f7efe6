import {
  layoutOf, Quote, QUOTE_COLUMNS, RowKind, Trust, type Clock, type InstrumentSpecification, type RegimeEvent, type Row, type Timers,
} from '@parallax/types';
import type { CacheLog } from '../../src/index.js';

export const AT = 1_700_000_000_000_000;

/** The clock of tests stands a second after the values. */
export const clock: Clock = { nowUs: () => AT + 1_000_000 };

/** Runs nothing by itself: tests flush by hand, and say when a limit of time is reached. */
export class HandTimers implements Timers {
  private readonly waiting = new Map<() => void, number>();

  after(delayMs: number, callback: () => void): () => void {
    this.waiting.set(callback, delayMs);
    return () => void this.waiting.delete(callback);
  }

  /** Lets pass what was set to so many milliseconds; throws where nothing was. */
  pass(delayMs: number): void {
    const due = [...this.waiting].filter(([, one]) => one === delayMs).map(([callback]) => callback);
    if (due.length === 0) throw new Error(`nothing waits for ${delayMs} ms, only for ${[...this.waiting.values()].join()}`);
    for (const callback of due) {
      this.waiting.delete(callback);
      callback();
    }
  }
}

/** Of the machine, for what waits as long as it must and is not looked at. */
export const machineTimers: Timers = {
  after(delayMs, callback) {
    const timer = setTimeout(() => callback(), delayMs);
    return () => clearTimeout(timer);
  },
};

export interface Lines extends CacheLog {
  readonly lines: string[];
}

export function lines(): Lines {
  const said: string[] = [];
  const say = (message: string, fields?: object): void => void said.push(`${message} ${JSON.stringify(fields ?? {})}`);
  return { lines: said, info: say, warn: say };
}

export function specificationOf(venue: string, symbol: string, priceScale = 2): InstrumentSpecification {
  return {
    venue, symbol, venueSymbol: symbol, base: symbol.split('/')[0], quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
    contractSize: '1', priceScale, sizeScale: 5, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '5', status: 'trading',
    version: 1, source: 'listing',
  };
}

export function quoteOf(bidPrice: number, receivedAtUs = AT): Row {
  const row = new Float64Array(QUOTE_COLUMNS);
  row[Quote.layout] = layoutOf(RowKind.quote);
  row[Quote.receivedAtUs] = receivedAtUs;
  row[Quote.sequence] = 7;
  row[Quote.epoch] = 3;
  row[Quote.specificationVersion] = 1;
  row[Quote.bidPrice] = bidPrice;
  row[Quote.askPrice] = bidPrice + 1;
  row[Quote.trust] = Trust.synced;
  return row;
}

export function regimeOf(regime: RegimeEvent['regime'], atUs = AT): RegimeEvent {
  return {
    venue: 'binance', symbol: 'BTC/USDT', base: 'BTC', horizon: '1m', regime, previous: null,
    confidence: 0.5, strength: 1, enteredAtUs: AT, durationUs: 0, atUs, origin: { venue: 'binance', connection: 1, frame: 2, receivedAtUs: AT },
  };
}
