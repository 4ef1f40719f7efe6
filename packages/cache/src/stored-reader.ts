import { ParallaxError, Quote, type RegimeEvent } from '@parallax/types';
import { quoteKey, regimeKey, type KeptQuote } from './kept-values.js';
import { quoteFromStored, regimeFromStored } from './stored-values.js';
import type { RedisPort } from './system-redis.js';

/** Clocks of several machines differ by less. */
const FUTURE_US = 60_000_000;
const EXAMPLES = 3;
const LONGEST_PLACE = 120;

interface Refusal {
  readonly place: string;
  readonly reason: string;
}

/** Reads what lies in Redis. What cannot be read is counted with place and reason, and stops nothing. */
export class StoredReader {
  refused = 0;
  readonly examples: Refusal[] = [];

  constructor(
    private readonly nowUs: number,
    private readonly keepUs: number,
  ) {}

  /** @throws what the port throws, but for a key that holds no hash: that is refused like a value. */
  async read(key: string, redis: RedisPort, take: (fields: Readonly<Record<string, Buffer>>) => void): Promise<void> {
    let fields: Readonly<Record<string, Buffer>>;
    try {
      fields = await redis.fields(key);
    } catch (error) {
      if (!(error as Error).message.startsWith('WRONGTYPE')) throw error;
      this.refuse(key, 'the key holds no hash');
      return;
    }
    take(fields);
  }

  quotes(fields: Readonly<Record<string, Buffer>>, found: Map<string, KeptQuote>): void {
    for (const [field, bytes] of Object.entries(fields)) {
      this.guarded(field, () => {
        const quote = quoteFromStored(field, bytes);
        if (this.counts(quote.row[Quote.receivedAtUs])) found.set(quoteKey(quote), quote);
      });
    }
  }

  regimes(fields: Readonly<Record<string, Buffer>>, found: Map<string, RegimeEvent>): void {
    for (const [field, bytes] of Object.entries(fields)) {
      this.guarded(field, () => {
        const regime = regimeFromStored(field, bytes);
        if (this.counts(regime.atUs)) found.set(regimeKey(regime), regime);
      });
    }
  }

  /** A hash lives as long as any of its fields changes: those that do not are left out here. */
  private counts(atUs: number): boolean {
    if (atUs > this.nowUs + FUTURE_US) throw new ParallaxError('INPUT_REFUSED', 'the time of the value is yet to come');
    return atUs >= this.nowUs - this.keepUs;
  }

  private guarded(place: string, take: () => void): void {
    try {
      take();
    } catch (error) {
      this.refuse(place, (error as Error).message);
    }
  }

  private refuse(place: string, reason: string): void {
    this.refused++;
    if (this.examples.length < EXAMPLES) this.examples.push({ place: place.slice(0, LONGEST_PLACE), reason: reason.slice(0, LONGEST_PLACE) });
  }
}
