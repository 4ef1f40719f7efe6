import type { InstrumentSpecification } from '@parallax/types';
import { decimal, FLAG, INTEGER, row, TEXT, type Row } from '../shared/frame-page/row.js';
import type { BinanceDialect } from './dialect.js';

/** A trade's row, and at which place of it the values stand that matter. */
export interface TradeRow {
  readonly row: Row;
  readonly id: number;
  readonly price: number;
  readonly size: number;
  readonly time: number;
  readonly buyerIsMaker: number;
}

/** The frames of one instrument as Binance writes them, from behind the `@` of the stream's name on. */
export interface BinanceRows {
  /** Update id, bid, its size, ask, its size; of futures then transaction and event time. */
  readonly tickers: readonly Row[];
  readonly trades: readonly TradeRow[];
  /** From behind the channel's speed to the list of bids: event time, first id, last id; of futures then the previous id. */
  readonly depth: Row;
}

export function rowsOf(dialect: BinanceDialect, specification: InstrumentSpecification): BinanceRows {
  const price = decimal(specification.priceScale);
  const size = decimal(specification.sizeScale);
  const best = row`"b":"${price}","B":"${size}","a":"${price}","A":"${size}"`;
  const amount = row`"p":"${price}","q":"${size}"`;
  const name = `"s":"${specification.venueSymbol}"`;
  return dialect.chained ? futures(name, best, amount, dialect.namesPair) : spot(name, best, amount);
}

function spot(name: string, best: Row, amount: Row): BinanceRows {
  return {
    tickers: [row`bookTicker","data":{"u":${INTEGER},${name},${best}}}`],
    trades: [{
      row: row`trade","data":{"e":"trade","E":${INTEGER},${name},"t":${INTEGER},${amount},"T":${INTEGER},"m":${FLAG},"M":${FLAG}}}`,
      id: 1, price: 2, size: 3, time: 4, buyerIsMaker: 5,
    }],
    depth: row`","data":{"e":"depthUpdate","E":${INTEGER},${name},"U":${INTEGER},"u":${INTEGER},"b":[`,
  };
}

function futures(symbol: string, best: Row, amount: Row, namesPair: boolean): BinanceRows {
  const name = namesPair ? row`${symbol},"ps":"${TEXT}"` : row`${symbol}`;
  const ticker = row`${name},${best},"T":${INTEGER},"E":${INTEGER}}}`;
  const places = { id: 1, price: 2, size: 3, time: 6, buyerIsMaker: 7 };
  const opening = row`aggTrade","data":{"e":"aggTrade","E":${INTEGER},"a":${INTEGER},${symbol},${amount}`;
  const ending = row`"f":${INTEGER},"l":${INTEGER},"T":${INTEGER},"m":${FLAG}}}`;
  return {
    tickers: [
      row`bookTicker","data":{"e":"bookTicker","u":${INTEGER},${ticker}`,
      row`bookTicker","data":{"u":${INTEGER},"e":"bookTicker",${ticker}`,
    ],
    trades: [
      {
        row: row`trade","data":{"e":"trade","E":${INTEGER},"T":${INTEGER},${symbol},"t":${INTEGER},${amount},"X":"MARKET","m":${FLAG}}}`,
        id: 2, price: 3, size: 4, time: 1, buyerIsMaker: 5,
      },
      { row: row`${opening},${ending}`, ...places },
      { row: row`${opening},"nq":"${TEXT}",${ending}`, ...places },
    ],
    depth: row`","data":{"e":"depthUpdate","E":${INTEGER},"T":${INTEGER},${name},"U":${INTEGER},"u":${INTEGER},"pu":${INTEGER},"b":[`,
  };
}
