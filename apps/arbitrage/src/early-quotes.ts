import type { BookReader } from '@parallax/book';
import { Quote, QUOTE_COLUMNS, type Row } from '@parallax/types';

/**
 * Quotes that were handled before the change of the book that they tell of: a bus keeps order within a subscription, not
 * between quotes and books. What such a quote makes worth taking is seen only once its book has come, so it is looked at
 * again then.
 */
export class EarlyQuotes {
  private readonly rows: (Row | undefined)[] = [];
  private readonly early: boolean[] = [];

  /** Remembers the quote when its book is not yet the one held. */
  note(instrument: number, quote: Row, book: BookReader | null): void {
    const early = !stands(quote, book);
    this.early[instrument] = early;
    if (!early) return;
    const kept = (this.rows[instrument] ??= new Float64Array(QUOTE_COLUMNS));
    for (let column = 0; column < QUOTE_COLUMNS; column++) kept[column] = quote[column];
  }

  /** The quote that waited for just this book, once. */
  due(instrument: number, book: BookReader | null): Row | null {
    if (!this.early[instrument]) return null;
    const quote = this.rows[instrument];
    if (!quote || !stands(quote, book)) return null;
    this.early[instrument] = false;
    return quote;
  }
}

/** Whether the book's best prices are those that the quote names as its book's. */
function stands(quote: Row, book: BookReader | null): boolean {
  return book !== null &&
    book.bestBidPrice === quote[Quote.depthBidPrice] && book.bestAskPrice === quote[Quote.depthAskPrice] &&
    book.bestBidSize === quote[Quote.depthBidSize] && book.bestAskSize === quote[Quote.depthAskSize];
}
