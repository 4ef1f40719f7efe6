import { isFresh, Quote, QUOTE_COLUMNS, type Row } from '@parallax/types';

/** The last quote of each instrument, copied. */
export class QuoteMemory {
  private readonly rows: (Row | undefined)[] = [];

  constructor(private readonly ageUs: number) {}

  keep(instrument: number, quote: Row): void {
    const row = (this.rows[instrument] ??= new Float64Array(QUOTE_COLUMNS));
    for (let column = 0; column <= Quote.depthUpdateId; column++) row[column] = quote[column];
  }

  /** The quote, unless its book was last proven too long ago, before `sinceUs`, or in the future. */
  fresh(instrument: number, nowUs: number, sinceUs = 0): Row | undefined {
    const row = this.rows[instrument];
    return row && row[Quote.provenAtUs] >= sinceUs && isFresh(row[Quote.provenAtUs], this.ageUs, nowUs) ? row : undefined;
  }
}
