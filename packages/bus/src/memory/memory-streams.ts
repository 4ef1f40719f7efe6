import type { AppendOptions, DurableHandler, DurableStreams, DurableSubscription, StoredMessage } from '../bus.js';
import { checkMessage, missing, refused } from '../faults.js';
import type { Rights } from '../rights.js';
import { matches } from '../subject-match.js';
import { copyOf } from './hub.js';
import type { MemoryHub } from './hub.js';
import type { StoredRecord } from './records.js';

interface Owner {
  checkOpen(): void;
  started(subscription: DurableSubscription): void;
  stopped(subscription: DurableSubscription): void;
  onHandlerError(error: unknown, subject: string): void;
}

const READ_BATCH = 256;

/** The durable streams of the hub, with one user's rights. */
export function memoryStreams(hub: MemoryHub, rights: Rights, owner: Owner): DurableStreams {
  return {
    async append(subject: string, bytes: Uint8Array, options: AppendOptions) {
      owner.checkOpen();
      checkMessage(subject, options.headers);
      hub.checkSize(subject, bytes);
      if (!rights.mayPublish(subject)) throw refused(`append to "${subject}"`);
      return hub.streamToAppend(subject).append(subject, copyOf(bytes), options);
    },

    async consume(stream: string, consumer: string, handler: DurableHandler) {
      owner.checkOpen();
      if (!rights.mayConsume(stream, consumer)) throw refused(`consumer ${consumer} of stream ${stream}`);
      const found = hub.consumers.get(`${stream} ${consumer}`);
      if (found === undefined) throw missing(`consumer ${consumer} of stream ${stream}`);
      const attached = found.attach(handler, owner.onHandlerError);
      const subscription: DurableSubscription = {
        get pending() {
          return attached.pending;
        },
        stop: async () => {
          await attached.stop();
          owner.stopped(subscription);
        },
      };
      owner.started(subscription);
      return subscription;
    },

    async *read(stream, options) {
      owner.checkOpen();
      if (!rights.mayReadStream(stream)) throw refused(`read of stream ${stream}`);
      const store = hub.stream(stream);
      // What is appended while this reads is not waited for.
      const upTo = store.committed;
      let from = Math.max(options.fromSequence ?? 1, upTo + 1 - (options.newest ?? Number.POSITIVE_INFINITY));
      let left = options.limit ?? Number.POSITIVE_INFINITY;
      while (left > 0 && from <= upTo) {
        const records = await store.read(from, READ_BATCH);
        if (records.length === 0) return;
        for (const record of records) {
          if (record.sequence > upTo || left === 0) return;
          from = record.sequence + 1;
          if (options.subject !== undefined && !matches(options.subject, record.subject)) continue;
          left--;
          yield storedMessage(record);
        }
      }
    },
  };
}

const storedMessage = ({ subject, bytes, sequence, atUs, headers }: StoredRecord): StoredMessage => ({
  subject,
  bytes,
  sequence,
  atUs,
  header: (name) => headers[name],
  headers,
});
