import {
  BOOK_COLUMNS, BookChange, LEVEL_COLUMNS, Quote, QuoteSource, TRUST_CAUSE_NAMES, TRUST_NAMES, Trust, TrustCause, textOnStep,
  type InstrumentSpecification, type Row,
} from '@parallax/types';
import type { BookView, QuoteView } from './views.js';

type Level = { price: string; size: string };

const level = (specification: InstrumentSpecification, price: number, size: number): Level | null =>
  price > 0
    ? {
        price: textOnStep(price, specification.priceScale, specification.priceStep),
        size: textOnStep(size, specification.sizeScale, specification.sizeStep),
      }
    : null;

/**
 * A quote row as people read it. Integers of another version of the specification are at scales that are not known here: their
 * prices are not shown, and the quote says why.
 */
export function quoteText(specification: InstrumentSpecification, row: Row, missed: number): QuoteView {
  const known = row[Quote.specificationVersion] === specification.version;
  const at = (bid: number): Level | null => (known ? level(specification, row[bid], row[bid + 1]) : null);
  const trust = known ? row[Quote.trust] : Trust.resyncing;
  const cause = known ? row[Quote.cause] : TrustCause.specificationChanged;
  return {
    venue: specification.venue,
    symbol: specification.symbol,
    base: specification.base,
    bid: at(Quote.bidPrice),
    ask: at(Quote.askPrice),
    depthBid: at(Quote.depthBidPrice),
    depthAsk: at(Quote.depthAskPrice),
    source: row[Quote.source] === QuoteSource.ticker ? 'ticker' : 'depth',
    trust: TRUST_NAMES[trust] ?? 'resyncing',
    cause: TRUST_CAUSE_NAMES[cause] ?? `cause ${cause}`,
    updateId: row[Quote.updateId],
    exchangeAtUs: row[Quote.exchangeAtUs] === 0 ? null : row[Quote.exchangeAtUs],
    receivedAtUs: row[Quote.receivedAtUs],
    changedAtUs: row[Quote.changedAtUs],
    provenAtUs: row[Quote.provenAtUs] === 0 ? null : row[Quote.provenAtUs],
    missed,
  };
}

/** A whole book's row (`keyframe` = 1) as people read it, at most `depth` levels a side. */
export function bookText(specification: InstrumentSpecification, row: Row, depth: number): BookView {
  const bidCount = row[BookChange.bidCount];
  const askCount = row[BookChange.askCount];
  const side = (from: number, count: number): Level[] => {
    const levels: Level[] = [];
    for (let i = 0; i < count && i < depth; i++) {
      const column = BOOK_COLUMNS + (from + i) * LEVEL_COLUMNS;
      const one = level(specification, row[column], row[column + 1]);
      if (one !== null) levels.push(one);
    }
    return levels;
  };
  return {
    venue: specification.venue,
    symbol: specification.symbol,
    bids: side(0, bidCount),
    asks: side(bidCount, askCount),
    trust: TRUST_NAMES[row[BookChange.trust]] ?? 'resyncing',
    cause: TRUST_CAUSE_NAMES[row[BookChange.cause]] ?? `cause ${row[BookChange.cause]}`,
    lastId: row[BookChange.lastId],
    receivedAtUs: row[BookChange.receivedAtUs],
    levels: { bids: bidCount, asks: askCount },
  };
}
