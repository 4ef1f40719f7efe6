import { ParallaxError } from '@parallax/types';
import { binance } from './binance.js';
import { binanceusdm } from './binanceusdm.js';
import { coinbase } from './coinbase.js';
import { kraken, type KrakenNumbers } from './kraken.js';
import { okx, type OkxChecksum } from './okx.js';
import type { ProtocolFactory } from './protocol.js';

/** Ways in which a venue's documents or its past differ; the defaults are how the venues speak today. */
export interface Dialects {
  readonly okxChecksum: OkxChecksum;
  readonly krakenNumbers: KrakenNumbers;
}

/** @throws ParallaxError `VENUE_UNKNOWN` */
export function protocolFor(venue: string, dialects: Dialects): ProtocolFactory {
  switch (venue) {
    case 'binance': return binance;
    case 'binanceusdm': return binanceusdm;
    case 'okx': return okx(dialects.okxChecksum);
    case 'kraken': return kraken(dialects.krakenNumbers);
    case 'coinbase': return coinbase;
    default: throw new ParallaxError('VENUE_UNKNOWN', `the simulator does not speak the protocol of "${venue}"`, { venue });
  }
}
