import { Quote, QUOTE_COLUMNS, type Row } from '@parallax/types';

/** The last quote of each instrument, copied, with the time at which it came. */
export class QuoteMemory {
  private readonly rows: (Row | undefined)[] = [];
  private readonly atUs: number[] = [];

  constructor(private readonly ageUs: number) {}

  keep(instrument: number, quote: Row, nowUs: number): void {
    const row = (this.rows[instrument] ??= new Float64Array(QUOTE_COLUMNS));
    for (let column = 0; column <= Quote.depthUpdateId; column++) row[column] = quote[column];
    this.atUs[instrument] = nowUs;
  }

  fresh(instrument: number, nowUs: number): Row | undefined {
    return nowUs - (this.atUs[instrument] ?? Number.NEGATIVE_INFINITY) <= this.ageUs ? this.rows[instrument] : undefined;
  }
}
