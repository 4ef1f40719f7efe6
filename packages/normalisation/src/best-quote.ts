import type { BookReader, DepthEnds } from '@parallax/book';
import { layoutOf, Quote, QUOTE_COLUMNS, QuoteSource, RowKind, type Row } from '@parallax/types';
import type { TickerUpdate } from '@parallax/venues';

/**
 * The one best quote of a symbol, kept in the row that is published. A ticker channel may be ahead of the depth channel
 * and moves the quote; the depth book's own best stands beside it and is moved by depth alone.
 */
export class BestQuote {
  readonly row: Row = new Float64Array(QUOTE_COLUMNS);

  constructor(specificationVersion: number) {
    this.row[Quote.layout] = layoutOf(RowKind.quote);
    this.row[Quote.specificationVersion] = specificationVersion;
  }

  /**
   * Whether the book, now at `lastId`, is as new as the quote, which a ticker may have moved: the venue has no ids (0), or this
   * one is no lower, or its numbering begins anew below the book's last. To be asked before the book's best is noted.
   */
  isReachedBy(lastId: number): boolean {
    const { row } = this;
    return lastId === 0 || lastId >= row[Quote.updateId] || lastId < row[Quote.depthUpdateId];
  }

  /** Notes the book's best, none where it lies behind the end of what is known; returns whether it differs from before. */
  noteDepth(book: BookReader, { bidEnd, askEnd }: DepthEnds, lastId: number): boolean {
    const { row } = this;
    const isBidKnown = book.bestBidPrice > bidEnd;
    const isAskKnown = book.bestAskPrice < askEnd;
    const bestBidPrice = isBidKnown ? book.bestBidPrice : 0;
    const bestBidSize = isBidKnown ? book.bestBidSize : 0;
    const bestAskPrice = isAskKnown ? book.bestAskPrice : 0;
    const bestAskSize = isAskKnown ? book.bestAskSize : 0;
    row[Quote.depthUpdateId] = lastId;
    if (
      row[Quote.depthBidPrice] === bestBidPrice && row[Quote.depthBidSize] === bestBidSize &&
      row[Quote.depthAskPrice] === bestAskPrice && row[Quote.depthAskSize] === bestAskSize
    ) return false;
    row[Quote.depthBidPrice] = bestBidPrice;
    row[Quote.depthBidSize] = bestBidSize;
    row[Quote.depthAskPrice] = bestAskPrice;
    row[Quote.depthAskSize] = bestAskSize;
    return true;
  }

  /** Makes the book's best the quote; returns whether price or size moved. */
  adoptDepth(nowUs: number): boolean {
    const { row } = this;
    row[Quote.updateId] = row[Quote.depthUpdateId];
    row[Quote.source] = QuoteSource.depth;
    return this.move(row[Quote.depthBidPrice], row[Quote.depthBidSize], row[Quote.depthAskPrice], row[Quote.depthAskSize], nowUs);
  }

  /** Takes a ticker if it is newer than the quote; returns whether price or size moved. */
  adoptTicker(update: TickerUpdate, nowUs: number): boolean {
    const { row } = this;
    if (update.updateId <= row[Quote.updateId]) return false;
    row[Quote.updateId] = update.updateId;
    if (!this.move(update.bidPrice, update.bidSize, update.askPrice, update.askSize, nowUs)) return false;
    row[Quote.source] = QuoteSource.ticker;
    return true;
  }

  private move(bidPrice: number, bidSize: number, askPrice: number, askSize: number, nowUs: number): boolean {
    const { row } = this;
    if (
      row[Quote.bidPrice] === bidPrice && row[Quote.bidSize] === bidSize &&
      row[Quote.askPrice] === askPrice && row[Quote.askSize] === askSize
    ) return false;
    row[Quote.bidPrice] = bidPrice;
    row[Quote.bidSize] = bidSize;
    row[Quote.askPrice] = askPrice;
    row[Quote.askSize] = askSize;
    row[Quote.changedAtUs] = nowUs;
    return true;
  }
}
