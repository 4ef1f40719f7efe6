import type { VenueDefinition } from '../shared/definition.js';
import { JOIN, SNAPSHOT_LEVELS } from './book.js';
import { OkxReader } from './frames.js';
import { CATALOGUE, LISTING, REST } from './instruments.js';
import { LIMITS } from './limits.js';
import { STREAM } from './stream.js';

/** OKX v5: spot, perpetual swaps and dated futures. */
export const okx: VenueDefinition = {
  id: 'okx',
  name: 'OKX',
  feeds: ['depth', 'trades', 'ticker'],
  stream: STREAM,
  listing: LISTING,
  join: JOIN,
  snapshots: {
    url: (instrument, endpoints) =>
      `${endpoints?.rest ?? REST}/api/v5/market/books?instId=${encodeURIComponent(instrument.venueSymbol)}&sz=${SNAPSHOT_LEVELS}&source=0`,
    weight: 1,
  },
  limits: LIMITS,
  fees: {
    spot: { maker: '0.0008', taker: '0.001', source: 'https://www.okx.com/fees, regular users, Lv1' },
    derivative: { maker: '0.0002', taker: '0.0005', source: 'https://www.okx.com/fees, futures, regular users, Lv1' },
  },
  catalogue: CATALOGUE,
  createReader: (instruments, sink) => new OkxReader(instruments, sink),
};
