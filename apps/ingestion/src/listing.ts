import type { ServiceLog } from '@parallax/runtime';
import { ParallaxError, type InstrumentSpecification } from '@parallax/types';
import type { VenueDefinition } from '@parallax/venues';
import type { VenueRest } from './venue-rest.js';

/** What a venue lists, as far as it could be read. */
export interface Listed {
  readonly instruments: readonly InstrumentSpecification[];
  /** Whether every entry could be read: then what is missing is not listed. */
  readonly whole: boolean;
}

/**
 * Reads a venue's listing; entries that cannot be read are told and left out.
 * @throws ParallaxError `VENUE_REFUSED` for an answer that is no list, as some venues give with status 200 where they refuse or are
 * away; else as {@link VenueRest.get}.
 */
export async function readListing({ id, listing }: VenueDefinition, rest: VenueRest, log: ServiceLog): Promise<Listed> {
  const instruments: InstrumentSpecification[] = [];
  let whole = true;
  for (const url of listing.urls(rest.endpoint)) {
    instruments.push(...listing.read(new TextDecoder().decode(await rest.get(url)), (reason, place) => {
      // Of the answer as a whole, and not of one entry.
      if (place.startsWith('$')) throw new ParallaxError('VENUE_REFUSED', reason, { venue: id, retryable: true });
      whole = false;
      log.warn('an entry of the listing cannot be read', { venue: id, place, reason });
    }));
  }
  return { instruments: oneOfEach(instruments, log), whole };
}

/** A symbol stands for one instrument: of several names the venue may list for it (a settled contract beside its heir), the one that trades. */
function oneOfEach(instruments: readonly InstrumentSpecification[], log: ServiceLog): InstrumentSpecification[] {
  const bySymbol = new Map<string, InstrumentSpecification>();
  for (const one of instruments) {
    const other = bySymbol.get(one.symbol);
    const isBetter = other === undefined || (one.status === 'trading' && other.status !== 'trading');
    if (isBetter) bySymbol.set(one.symbol, one);
    if (other !== undefined) {
      const [kept, left] = isBetter ? [one, other] : [other, one];
      log.info('a symbol is listed twice', { venue: one.venue, symbol: one.symbol, kept: kept.venueSymbol, left: left.venueSymbol });
    }
  }
  return [...bySymbol.values()];
}

/** The wanted instruments as they stand now: those that were followed and are listed no more are halted. */
export function wantedOf(
  { instruments, whole }: Listed, symbols: readonly string[] | null, followed: readonly InstrumentSpecification[],
): InstrumentSpecification[] {
  const wanted = symbols === null ? [...instruments] : instruments.filter(({ symbol }) => symbols.includes(symbol));
  const listed = new Set(wanted.map(({ symbol }) => symbol));
  for (const known of followed) if (!listed.has(known.symbol)) wanted.push(whole ? { ...known, status: 'halted' } : known);
  return wanted;
}
