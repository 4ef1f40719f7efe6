import type { VenueNormaliser } from '@parallax/normalisation';
import { Quote, type InstrumentTable, type LastValues } from '@parallax/types';

/** A round looks at one symbol of so many: ten thousand at once would be milliseconds in which no frame is read. */
export const SLICES = 10;

/**
 * Puts quotes that moved into the last values, in rounds of its own: on the way of a frame nothing is done for it, and a quote
 * that moved a thousand times since its last round is put once.
 */
export class QuoteMemory {
  /** Sequence of the quote put last, by instrument. */
  private readonly put: number[] = [];
  private slice = 0;

  constructor(
    private readonly values: LastValues,
    private readonly instruments: InstrumentTable,
  ) {}

  /** Looks at the next slice of the symbols. */
  round(normalisers: Iterable<VenueNormaliser>): void {
    this.slice = (this.slice + 1) % SLICES;
    for (const normaliser of normalisers) {
      for (const instrument of normaliser.seen()) {
        if (instrument % SLICES === this.slice) this.look(normaliser, instrument);
      }
    }
  }

  private look(normaliser: VenueNormaliser, instrument: number): void {
    const { row } = normaliser.market(instrument).quote;
    if (row[Quote.sequence] === this.put[instrument]) return;
    const specification = this.instruments.get(instrument);
    // Between a new specification and the next frame the row's integers are still of the old one.
    if (row[Quote.specificationVersion] !== specification.version) return;
    this.put[instrument] = row[Quote.sequence];
    this.values.putQuote(specification, row);
  }
}
