import type { Bus } from '@parallax/bus';
import { askKeyframe } from '@parallax/runtime';
import { Problem } from '@parallax/service-host';
import { ParallaxError } from '@parallax/types';
import { RowReader } from '@parallax/wire';
import { bookText } from '../core/quote-text.js';
import type { GatewayCore } from '../core/gateway-core.js';
import type { BookView } from '../core/views.js';

const TIMEOUT_MS = 1_000;

/** Asks a book's writer for a keyframe; the gateway keeps no books of its own, so that it cannot show another one. */
export class BookReader {
  private readonly reader = new RowReader();

  constructor(
    private readonly bus: Bus,
    private readonly core: GatewayCore,
  ) {}

  async read(venue: string, symbol: string, depth: number): Promise<BookView> {
    const specification = this.core.collections.instrument.get(`${venue}:${symbol}`);
    if (!specification) throw new Problem(404, 'INSTRUMENT_UNKNOWN', `no instrument ${symbol} is known at ${venue}`, 'symbol');
    try {
      const bytes = await askKeyframe(this.bus, venue, { symbol, reason: 'gateway' }, TIMEOUT_MS);
      return bookText(specification, this.reader.market(bytes, 'book'), depth);
    } catch (error) {
      if (!(error instanceof ParallaxError)) throw error;
      if (error.code === 'BUS_NO_RESPONDER' || error.code === 'BUS_TIMEOUT') {
        throw new Problem(503, 'SERVICE_MISSING', `nobody keeps the books of ${venue} just now: normalisation does not answer`);
      }
      if (error.code === 'INSTRUMENT_UNKNOWN') {
        throw new Problem(503, 'SERVICE_MISSING', `normalisation has no book of ${symbol} at ${venue} yet`);
      }
      throw error;
    }
  }
}
