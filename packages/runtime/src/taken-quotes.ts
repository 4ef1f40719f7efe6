import { Column, layoutOf, Quote, QUOTE_COLUMNS, RowKind, type Row } from '@parallax/types';
import { distrust } from './writer-watch.js';

/**
 * The last quote of each instrument of which anything was taken, copied. Should its venue turn out to have two writers, it is
 * handed on once more, as one that nobody trades on: it may have been the wrong one's.
 */
export class TakenQuotes {
  private readonly rows: (Row | undefined)[] = [];

  keep(instrument: number, quote: Row): void {
    const row = (this.rows[instrument] ??= new Float64Array(QUOTE_COLUMNS));
    for (let column = 0; column < QUOTE_COLUMNS; column++) row[column] = quote[column];
  }

  /** A book change or trades were taken: where no quote was, what is handed on is one without prices. */
  touch(instrument: number, row: Row): void {
    if (this.rows[instrument] !== undefined) return;
    const empty = (this.rows[instrument] = new Float64Array(QUOTE_COLUMNS));
    empty[Quote.layout] = layoutOf(RowKind.quote);
    empty[Quote.specificationVersion] = row[Column.specificationVersion];
  }

  /** The kept quote of each instrument that `isOf` names, no longer trusted, with the origin of `cause`, the row that showed the contest. */
  *distrusted(isOf: (instrument: number) => boolean, cause: Row): Generator<[instrument: number, quote: Row]> {
    for (const [instrument, row] of this.rows.entries()) {
      if (row === undefined || !isOf(instrument)) continue;
      distrust(row);
      for (const column of [Column.connection, Column.frame, Column.receivedAtUs, Column.exchangeAtUs]) row[column] = cause[column];
      yield [instrument, row];
    }
  }
}
