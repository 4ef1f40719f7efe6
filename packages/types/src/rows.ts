/**
 * Hot events are rows of float64 columns: one layout serves the reused view in a process, the bytes on the wire and the
 * columnar file. Integers in them are exact below 2^53. A row handed to a handler is valid until the handler returns.
 *
 * Columns 0 to 7 are the same in every row: what it is, and the origin of the frame that caused it.
 */
export const Column = {
  /** kind × 256 + version, see {@link RowKind}. */
  layout: 0,
  /** Unique across restarts and replicas. */
  connection: 1,
  /** Number of the frame in its connection, from 1. */
  frame: 2,
  receivedAtUs: 3,
  /** The venue's own time of the event; 0 where it sends none. */
  exchangeAtUs: 4,
  /** Counts up by one per publisher and subject: a jump tells a slow reader what it missed. */
  sequence: 5,
  /** Who wrote the row: when its instance of ingestion or normalisation started, in microseconds; 0 where nobody says, as in recordings. */
  epoch: 6,
  specificationVersion: 7,
} as const;
export const HEADER_COLUMNS = 8;

export const RowKind = { quote: 1, book: 2, trades: 3, raw: 4, clock: 5, part: 6 } as const;
export type RowKind = (typeof RowKind)[keyof typeof RowKind];
export const ROW_VERSION = 1;
export const layoutOf = (kind: RowKind): number => kind * 256 + ROW_VERSION;

/** The one best quote of a symbol. `trust` and `cause` are of the book behind it. */
export const Quote = {
  ...Column,
  bidPrice: 8,
  bidSize: 9,
  askPrice: 10,
  askSize: 11,
  /** The venue's update id that this quote stands for; 0 where it has none. */
  updateId: 12,
  source: 13,
  trust: 14,
  cause: 15,
  /** When price or size last changed, receive clock. */
  changedAtUs: 16,
  /** When the venue last proved that this channel lives, receive clock. */
  provenAtUs: 17,
  /** The depth book's own best, which a ticker never moves. A price of 0 means: that side is empty. */
  depthBidPrice: 18,
  depthBidSize: 19,
  depthAskPrice: 20,
  depthAskSize: 21,
  depthUpdateId: 22,
} as const;
export const QUOTE_COLUMNS = 23;
export const QuoteSource = { depth: 0, ticker: 1 } as const;

/** A chained change of a book, or with `keyframe` = 1 the whole book, as far as its depth is known: `price, size` pairs, bids first. */
export const BookChange = {
  ...Column,
  firstId: 8,
  lastId: 9,
  /** The `lastId` of the change before in this chain; a reader that holds another one asks for a keyframe. */
  previousId: 10,
  keyframe: 11,
  trust: 12,
  cause: 13,
  bidCount: 14,
  askCount: 15,
  /** Readers keep the best so many levels of each side after the change; 0 = all. */
  depthLimit: 16,
} as const;
export const BOOK_COLUMNS = 17;
export const LEVEL_COLUMNS = 2;

/** Trades of one symbol that one frame carried; `count` groups of {@link Trade} follow the header. */
export const Trades = { ...Column, count: 8 } as const;
export const TRADES_COLUMNS = 9;
/** Columns of one trade, relative to its group. `side` is the taker's: 1 bought, -1 sold. Ids beyond 2^53 are 0. */
export const Trade = { id: 0, price: 1, size: 2, side: 3, exchangeAtUs: 4 } as const;
export const TRADE_COLUMNS = 5;

/** A frame as the venue sent it; its bytes follow the columns. Large frames travel in chunks. */
export const Raw = { ...Column, chunk: 8, chunks: 9, byteLength: 10, kind: 11 } as const;
export const RAW_COLUMNS = 12;
/** What a raw frame is: a stream message, a REST snapshot, or a fact about the connection itself. */
export const RawKind = { stream: 0, snapshot: 1, opened: 2, closed: 3, listing: 4 } as const;

/**
 * A part of a row that is larger than a message may be: the header of that row, then `byteLength` bytes of it in all, over
 * `parts` messages. `of` names a keyframe that is asked for part by part; 0 in a stream, where the parts follow each other.
 */
export const Part = { ...Column, part: 8, parts: 9, byteLength: 10, of: 11 } as const;
export const PART_COLUMNS = 12;

/** The watermark of event time: nothing older than `nowUs` will follow from this publisher. */
export const ClockRow = { ...Column, nowUs: 8, step: 9, final: 10 } as const;
export const CLOCK_COLUMNS = 11;

/** Bids and asks of a quote may be believed: the only door by which detectors take one. */
export type Row = Float64Array;
declare const trusted: unique symbol;
export type TrustedQuote = Row & { readonly [trusted]: true };

/** Narrows a quote to one that may be acted on: its book is synced and both sides stand. */
export function isTrusted(quote: Row): quote is TrustedQuote {
  return quote[Quote.trust] === 1 && quote[Quote.bidPrice] > 0 && quote[Quote.askPrice] > 0;
}
