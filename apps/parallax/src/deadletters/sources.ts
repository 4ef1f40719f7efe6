import type { Bus } from '@parallax/bus';
import type { HttpClient, InstrumentSpecification } from '@parallax/types';
import { BUCKETS, deadLetterSchema, decodeJson, instrumentSpecificationSchema } from '@parallax/wire';
import { listFromGateway } from '../gateway/client.js';
import { newestLetters, type KeptLetter } from './letters.js';

/** Where dead letters, and the instruments to read them with, are kept. */
export interface LetterSource {
  /** The newest `limit`, oldest first, and how many there are in all; null where that is not told. */
  newest(venue: string | undefined, limit: number): Promise<{ letters: readonly KeptLetter[]; all: number | null }>;
  instruments(): Promise<readonly InstrumentSpecification[]>;
}

export function lettersOfBus(bus: Bus): LetterSource {
  return {
    newest: (venue, limit) => newestLetters(bus, venue, limit),
    async instruments() {
      const bucket = bus.state(BUCKETS.instruments);
      const found: InstrumentSpecification[] = [];
      for (const key of await bucket.keys()) {
        const entry = await bucket.get(key);
        if (entry?.bytes) found.push(decodeJson(instrumentSpecificationSchema, entry.bytes));
      }
      return found;
    },
  };
}

export function lettersOfGateway(http: HttpClient, gateway: string): LetterSource {
  return {
    async newest(venue, limit) {
      const letters = await listFromGateway(http, gateway, '/api/v1/dead-letters', { venue }, deadLetterSchema, limit);
      return { letters: letters.toReversed().map((letter) => ({ sequence: null, letter })), all: null };
    },
    instruments: () => listFromGateway(http, gateway, '/api/v1/instruments', {}, instrumentSpecificationSchema, Infinity),
  };
}
