import { nearSymbols } from '@parallax/ingestion';
import { ParallaxError } from '@parallax/types';

/** What a venue lists, where its listing could be read whole. */
export interface VenueListing {
  readonly venue: string;
  /** Null: it is not known (yet). */
  readonly listed: readonly string[] | null;
}

/**
 * Symbols that were asked for by name and that none of the venues lists would be missed by nobody: a slip ends the start. One that some
 * venue lists is right, and where a listing is not at hand nobody can tell.
 * @throws ParallaxError `CONFIG_REFUSED` with the venues, and the symbols of theirs that are near.
 */
export function refuseUnknownSymbols(chosen: readonly string[], venues: readonly VenueListing[]): void {
  const known = venues.flatMap(({ listed }) => (listed === null ? [] : [new Set(listed)]));
  if (known.length < venues.length || venues.length === 0) return;
  const unknown = chosen.filter((symbol) => !known.some((listed) => listed.has(symbol)));
  if (unknown.length === 0) return;
  const all = new Set(known.flatMap((listed) => [...listed]));
  const told = unknown.map((symbol) => {
    const near = nearSymbols(symbol, all).map((one) => `${one} (${venues.filter(({ listed }) => listed!.includes(one)).map(({ venue }) => venue).join(', ')})`);
    return near.length === 0 ? `"${symbol}"` : `"${symbol}", near to which are ${near.join(', ')}`;
  });
  const names = venues.map(({ venue }) => venue).join(', ');
  throw new ParallaxError('CONFIG_REFUSED', `SYMBOLS names what none of the venues (${names}) lists: ${told.join('; ')}`, { place: 'SYMBOLS' });
}
