import type { VenueNormaliser } from '@parallax/normalisation';
import { Quote, type InstrumentTable, type LastValues } from '@parallax/types';

/**
 * Puts quotes that moved into the last values, in rounds of its own: on the way of a frame nothing is done for it, and a quote
 * that moved a thousand times between two rounds is put once.
 */
export class QuoteMemory {
  /** Sequence of the quote put last, by instrument. */
  private readonly put: number[] = [];

  constructor(
    private readonly values: LastValues,
    private readonly instruments: InstrumentTable,
  ) {}

  round(normalisers: Iterable<VenueNormaliser>): void {
    for (const normaliser of normalisers) {
      for (const instrument of normaliser.seen()) {
        const { row } = normaliser.market(instrument).quote;
        if (row[Quote.sequence] === this.put[instrument]) continue;
        const specification = this.instruments.get(instrument);
        // Between a new specification and the next frame the row's integers are still of the old one.
        if (row[Quote.specificationVersion] !== specification.version) continue;
        this.put[instrument] = row[Quote.sequence];
        this.values.putQuote(specification, row);
      }
    }
  }
}
