import { binance } from './binance/index.js';
import { binancecoinm } from './binancecoinm/index.js';
import { binanceusdm } from './binanceusdm/index.js';
import { coinbase } from './coinbase/index.js';
import { kraken } from './kraken/index.js';
import { okx } from './okx/index.js';
import type { VenueDefinition } from './shared/definition.js';

/** Every venue that Parallax reads, by its id. A new venue is one folder and one line here. */
export const VENUES: ReadonlyMap<string, VenueDefinition> = new Map(
  [binance, binanceusdm, binancecoinm, okx, kraken, coinbase].map((definition) => [definition.id, definition]),
);
