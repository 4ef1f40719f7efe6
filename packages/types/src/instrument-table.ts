import { ParallaxError } from './errors.js';
import type { InstrumentSpecification } from './instrument.js';

/**
 * Gives each instrument a small dense number, local to one process, so that hot paths index typed arrays instead of
 * hashing texts. The number stays when a newer version of the specification replaces the old one.
 */
export class InstrumentTable {
  /** How often an instrument got another name at its venue: who finds instruments by these names begins anew then. */
  renames = 0;
  private readonly specifications: InstrumentSpecification[] = [];
  /** Numbers by venue, then by symbol: looking one up makes no text of the two. */
  private readonly numbers = new Map<string, Map<string, number>>();

  get size(): number {
    return this.specifications.length;
  }

  /** Adds an instrument or replaces its specification; returns its number. */
  add(specification: InstrumentSpecification): number {
    const { venue, symbol } = specification;
    let ofVenue = this.numbers.get(venue);
    if (ofVenue === undefined) this.numbers.set(venue, (ofVenue = new Map()));
    const known = ofVenue.get(symbol);
    if (known !== undefined) {
      if (this.specifications[known].venueSymbol !== specification.venueSymbol) this.renames++;
      this.specifications[known] = specification;
      return known;
    }
    const number = this.specifications.length;
    this.specifications.push(specification);
    ofVenue.set(symbol, number);
    return number;
  }

  /** The instrument's number, or -1 when it is unknown. */
  find(venue: string, symbol: string): number {
    return this.numbers.get(venue)?.get(symbol) ?? -1;
  }

  get(number: number): InstrumentSpecification {
    const specification = this.specifications[number];
    if (!specification) throw new ParallaxError('INSTRUMENT_UNKNOWN', `no instrument has the number ${number}`);
    return specification;
  }

  all(): readonly InstrumentSpecification[] {
    return this.specifications;
  }
}
