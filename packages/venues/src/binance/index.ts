import type { VenueDefinition } from '../shared/definition.js';
import { SPOT_JOIN, SPOT_LEVELS } from './book.js';
import { BinanceReader } from './frames.js';
import { CATALOGUE, LISTING, REST_HOSTS } from './instruments.js';
import { LIMITS } from './limits.js';
import { STREAM } from './stream.js';

/** Binance spot. */
export const binance: VenueDefinition = {
  id: 'binance',
  name: 'Binance',
  feeds: ['depth', 'trades', 'ticker'],
  stream: STREAM,
  listing: LISTING,
  join: SPOT_JOIN,
  snapshots: {
    url: (instrument, endpoints) =>
      `${endpoints?.rest ?? REST_HOSTS[0]}/api/v3/depth?symbol=${encodeURIComponent(instrument.venueSymbol)}&limit=${SPOT_LEVELS}`,
    weight: 250,
  },
  limits: LIMITS,
  restHosts: REST_HOSTS,
  fees: { spot: { maker: '0.001', taker: '0.001', source: 'https://www.binance.com/en/fee/trading, VIP 0, without BNB' } },
  catalogue: CATALOGUE,
  createReader: (instruments, sink) => new BinanceReader({ venue: 'binance', chained: false, namesPair: false }, instruments, sink),
};
