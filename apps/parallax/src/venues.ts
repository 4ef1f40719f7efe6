import { binance, binancecoinm, binanceusdm, type VenueDefinition } from '@parallax/venues';

/** Every venue that Parallax reads, by its id. */
export const VENUES: ReadonlyMap<string, VenueDefinition> = new Map(
  [binance, binanceusdm, binancecoinm].map((definition) => [definition.id, definition]),
);
