import { Quote, type Row, Trust } from '@parallax/types';

/** The columns that a check reads, copied because a row is valid only until its handler returns. */
export const Kept = {
  bidPrice: 0, askPrice: 1, trust: 2, freshAtUs: 3, specificationVersion: 4, receivedAtUs: 5,
  /** Of the last quote that was trusted and had both sides: the sum of its prices, its version and its time. */
  markSum: 6, markVersion: 7, markAtUs: 8,
} as const;
const COLUMNS = 9;

/** The last quote of every instrument in one typed array, indexed by the instrument's number. */
export class QuoteBoard {
  private columns = new Float64Array(64 * COLUMNS);

  take(instrument: number, row: Row): void {
    const start = instrument * COLUMNS;
    if (start + COLUMNS > this.columns.length) {
      const grown = new Float64Array(Math.max(this.columns.length * 2, start + COLUMNS));
      grown.set(this.columns);
      this.columns = grown;
    }
    const { columns } = this;
    columns[start + Kept.bidPrice] = row[Quote.bidPrice];
    columns[start + Kept.askPrice] = row[Quote.askPrice];
    columns[start + Kept.trust] = row[Quote.trust];
    columns[start + Kept.freshAtUs] = Math.max(row[Quote.changedAtUs], row[Quote.provenAtUs]);
    columns[start + Kept.specificationVersion] = row[Quote.specificationVersion];
    columns[start + Kept.receivedAtUs] = row[Quote.receivedAtUs];
    if (row[Quote.trust] !== Trust.synced || row[Quote.bidPrice] <= 0 || row[Quote.askPrice] <= 0) return;
    columns[start + Kept.markSum] = row[Quote.bidPrice] + row[Quote.askPrice];
    columns[start + Kept.markVersion] = row[Quote.specificationVersion];
    columns[start + Kept.markAtUs] = columns[start + Kept.freshAtUs];
  }

  has(instrument: number): boolean {
    return this.read(instrument, Kept.receivedAtUs) > 0;
  }

  /** A kept column of an instrument's last quote; 0 where none came yet. */
  read(instrument: number, column: number): number {
    return this.columns[instrument * COLUMNS + column] ?? 0;
  }
}
