import { ParallaxError, type HttpClient, type HttpReply } from '@parallax/types';
import type { RestEndpoint, VenueDefinition } from '@parallax/venues';

const TIMEOUT_MS = 15_000;
/** Answers by which venues tell a client that it asked for too much: 403 and 418 are Binance's. */
const TOO_MUCH: ReadonlySet<number> = new Set([403, 418, 429]);
const DEFAULT_WAIT_S = 60;

/** A venue's REST: at the address that stands in for it, or at its own ones in turn, the next where one does not serve us. */
export class VenueRest {
  private turn = 0;

  constructor(
    private readonly http: HttpClient,
    private readonly definition: VenueDefinition,
    private readonly standIn: RestEndpoint | undefined,
  ) {}

  /** Where to ask now; undefined where the venue has one address. */
  get endpoint(): RestEndpoint | undefined {
    const { restHosts } = this.definition;
    if (this.standIn !== undefined || restHosts === undefined) return this.standIn;
    return { rest: restHosts[this.turn % restHosts.length] };
  }

  /**
   * @throws ParallaxError `VENUE_REFUSED` for another answer than 200, with `retryAfterMs` where the venue says to wait;
   * `VENUE_UNREACHABLE` for none.
   */
  async get(url: string): Promise<Uint8Array> {
    const asked = this.endpoint;
    try {
      const reply = await this.http.get(url, { timeoutMs: TIMEOUT_MS });
      if (reply.status === 200) return reply.body;
      throw new ParallaxError('VENUE_REFUSED', `${new URL(url).host} answered ${reply.status}`, {
        venue: this.definition.id, retryable: true, retryAfterMs: waitOf(reply),
      });
    } catch (error) {
      // To ask the next address when told to wait would be to ask for more.
      const waits = error instanceof ParallaxError && error.retryAfterMs !== undefined;
      if (!waits && asked?.rest === this.endpoint?.rest) this.turn++;
      throw error;
    }
  }
}

function waitOf({ status, headers }: HttpReply): number | undefined {
  if (!TOO_MUCH.has(status)) return undefined;
  const seconds = Number(headers['retry-after']);
  return (seconds > 0 ? seconds : DEFAULT_WAIT_S) * 1_000;
}
