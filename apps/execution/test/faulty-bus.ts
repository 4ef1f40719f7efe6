import type { Bus } from '@parallax/bus';

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
  return {
    transport: bus.transport,
    publish: (...given) => bus.publish(...given),
    subscribe: (...given) => bus.subscribe(...given),
    request: (...given) => bus.request(...given),
    flush: () => bus.flush(),
    drain: () => bus.drain(),
    onStatus: (listener) => bus.onStatus(listener),
    onFault: (listener) => bus.onFault(listener),
    state: (name) => {
      const bucket = bus.state(name);
      return {
        get: (key) => bucket.get(key),
        delete: (...given) => bucket.delete(...given),
        keys: (pattern) => bucket.keys(pattern),
        watch: (...given) => bucket.watch(...given),
        put: async (...given) => {
          if (faults.unwritable.has(name)) throw new Error('no leader');
          const revision = await bucket.put(...given);
          if (faults.unanswered?.has(name)) throw new Error('no answer');
          return revision;
        },
      };
    },
    streams: {
      append: async (...given) => {
        if (faults.appends && faults.appends-- > 0) throw new Error('no leader');
        return bus.streams.append(...given);
      },
      consume: (stream, consumer, handler) => bus.streams.consume(stream, consumer, (message) => handler({
        subject: message.subject, bytes: message.bytes, sequence: message.sequence, atUs: message.atUs, deliveries: message.deliveries,
        header: (name) => message.header(name),
        headers: message.headers,
        reject: (reason) => message.reject(reason),
        acknowledge: () => message.acknowledge(),
        acknowledgeUnconfirmed: () => message.acknowledgeUnconfirmed(),
        retry: (delayMs) => {
          faults.putOff++;
          message.retry(delayMs);
        },
      })),
      read: (...given) => {
        if (faults.reads-- > 0) throw new Error('the stream cannot be read');
        return bus.streams.read(...given);
      },
    },
  };
}
