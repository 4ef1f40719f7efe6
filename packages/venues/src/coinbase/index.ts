import type { VenueDefinition } from '../shared/definition.js';
import { JOIN } from './book.js';
import { CoinbaseReader } from './frames.js';
import { CATALOGUE, LISTING } from './instruments.js';
import { LIMITS } from './limits.js';
import type { CoinbaseOptions } from './options.js';
import { STREAM } from './stream.js';

/** Coinbase Advanced Trade, spot, with what the venue leaves open decided. */
export function coinbaseWith(options: CoinbaseOptions): VenueDefinition {
  return {
    id: 'coinbase',
    name: 'Coinbase',
    feeds: ['depth', 'trades', 'ticker'],
    stream: STREAM,
    listing: LISTING,
    join: JOIN,
    limits: LIMITS,
    fees: { spot: { maker: '0.006', taker: '0.012', source: 'https://www.coinbase.com/advanced-fees, the lowest tier' } },
    catalogue: CATALOGUE,
    createReader: (instruments, sink) => new CoinbaseReader(options, instruments, sink),
  };
}

export const coinbase: VenueDefinition = coinbaseWith({ tradeSide: 'maker' });
