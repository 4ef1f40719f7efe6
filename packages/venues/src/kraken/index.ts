import type { VenueDefinition } from '../shared/definition.js';
import { JOIN } from './book.js';
import { KrakenReader } from './frames.js';
import { CATALOGUE, LISTING } from './instruments.js';
import { LIMITS } from './limits.js';
import { STREAM } from './stream.js';

/** Kraken spot over WebSocket v2. */
export const kraken: VenueDefinition = {
  id: 'kraken',
  name: 'Kraken',
  feeds: ['depth', 'trades', 'ticker'],
  stream: STREAM,
  listing: LISTING,
  join: JOIN,
  limits: LIMITS,
  fees: { spot: { maker: '0.0025', taker: '0.004', source: 'https://www.kraken.com/features/fee-schedule, Kraken Pro, $0 and more' } },
  catalogue: CATALOGUE,
  createReader: (instruments, sink) => new KrakenReader(instruments, sink),
};
