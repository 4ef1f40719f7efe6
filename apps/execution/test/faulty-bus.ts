import type { Bus } from '@parallax/bus';
import { overlay } from '@parallax/testing';

export interface Faults {
  /** Buckets that cannot be written. */
  readonly unwritable: Set<string>;
  /** Buckets whose answer to a write is lost: it was written all the same. */
  readonly unanswered?: Set<string>;
  /** So many records cannot be appended. */
  appends?: number;
  /** So many streams cannot be read. */
  reads: number;
  /** Deliveries that were put off until later, each time that they were. */
  putOff: number;
}

/** A bus on which shared state cannot be written, or streams not be read, while the test says so. */
export function faulty(bus: Bus, faults: Faults): Bus {
  return overlay(bus, {
    state: (name) => {
      const bucket = bus.state(name);
      return overlay(bucket, {
        put: async (...given) => {
          if (faults.unwritable.has(name)) throw new Error('no leader');
          const revision = await bucket.put(...given);
          if (faults.unanswered?.has(name)) throw new Error('no answer');
          return revision;
        },
      });
    },
    streams: overlay(bus.streams, {
      append: async (...given) => {
        if (faults.appends && faults.appends-- > 0) throw new Error('no leader');
        return bus.streams.append(...given);
      },
      consume: (stream, consumer, handler) => bus.streams.consume(stream, consumer, (message) => handler(overlay(message, {
        retry: (delayMs) => {
          faults.putOff++;
          message.retry(delayMs);
        },
      }))),
      read: (...given) => {
        if (faults.reads-- > 0) throw new Error('the stream cannot be read');
        return bus.streams.read(...given);
      },
    }),
  });
}
