import type { JetStreamClient, JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import type { AppendOptions, DurableStreams, StoredMessage } from '../bus.js';
import { checkMessage, noStream } from '../faults.js';
import { coveredByAny, matches } from '../subject-match.js';
import type { Topology } from '../topology.js';
import { EXPECTED_SEQUENCE_HEADER, MESSAGE_ID_HEADER } from './names.js';
import { consumeNats } from './nats-consumer.js';
import type { ConsumerOwner } from './nats-consumer.js';
import { faultOf } from './nats-faults.js';
import { copyOf, headersOf, plainHeaders } from './publisher.js';
import { publishStored, type Storing } from './stored-publish.js';

/** What the parts of a connection share. */
export interface JetStream extends ConsumerOwner, Storing {
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly topology: Topology | undefined;
  checkOpen(): void;
  checkSize(subject: string, bytes: Uint8Array): void;
}

/** Requests of a read that are under way at once. */
const READ_AHEAD = 64;

/** The durable streams of a NATS server, with nothing but the subjects that a service's user holds. */
export function natsStreams(jetStream: JetStream): DurableStreams {
  return {
    async append(subject: string, bytes: Uint8Array, options: AppendOptions) {
      jetStream.checkOpen();
      checkMessage(subject, options.headers);
      jetStream.checkSize(subject, bytes);
      try {
        const headers = headersOf(options.headers ?? {});
        headers.set(MESSAGE_ID_HEADER, options.id);
        if (options.expectedLastSequence !== undefined) headers.set(EXPECTED_SEQUENCE_HEADER, String(options.expectedLastSequence));
        return await publishStored(jetStream, streamOf(jetStream, subject) ?? `the stream of "${subject}"`, subject, copyOf(bytes), headers);
      } catch (error) {
        const fault = faultOf(error, `append to "${subject}"`, `subject "${subject}"`, jetStream.timeoutMs);
        if (fault.code === 'STATE_CONFLICT') {
          // The server compares before it looks for duplicates, so the repeat of an append whose answer was lost ends here.
          const sequence = await sequenceOfRepeat(jetStream, subject, options.id);
          if (sequence !== null) return { sequence, duplicate: true };
        }
        throw fault.code === 'BUS_NO_RESPONDER' ? noStream(subject) : fault;
      }
    },

    consume: (stream, consumer, handler) => consumeNats(jetStream, stream, consumer, handler),

    async *read(stream, options) {
      jetStream.checkOpen();
      const faultAt = (error: unknown): Error =>
        faultOf(error, `read of stream ${stream}`, `stream ${stream}`, jetStream.timeoutMs);
      const info = await jetStream.manager.streams.info(stream).catch((error: unknown) => {
        throw faultAt(error);
      });
      const { first_seq: first, last_seq: last } = info.state;
      let left = options.limit ?? Number.POSITIVE_INFINITY;
      const from = Math.max(first, options.fromSequence ?? 1, last + 1 - (options.newest ?? Number.POSITIVE_INFINITY));
      const asked: Promise<StoredMsg | null>[] = [];
      const ask = (sequence: number): void => {
        const answer = jetStream.manager.streams.getMessage(stream, { seq: sequence });
        answer.catch(() => {}); // Awaited in its turn below.
        asked.push(answer);
      };
      for (let sequence = from; sequence <= last && left > 0; sequence++) {
        while (asked.length < READ_AHEAD && sequence + asked.length <= last) ask(sequence + asked.length);
        const message = await asked.shift()!.catch((error: unknown) => {
          throw faultAt(error);
        });
        // Gone by age or limits; or not put there by an append, see nats-consumer.ts.
        if (message === null || !message.header.has(MESSAGE_ID_HEADER)) continue;
        if (options.subject !== undefined && !matches(options.subject, message.subject)) continue;
        left--;
        yield storedMessage(message);
      }
    },
  };
}

/** The sequence of the subject's newest message where that bears this id; null when it does not or may not be read. */
async function sequenceOfRepeat(jetStream: JetStream, subject: string, id: string): Promise<number | null> {
  const stream = streamOf(jetStream, subject);
  if (stream === undefined) return null;
  const newest = await jetStream.manager.streams.getMessage(stream, { last_by_subj: subject }).catch(() => null);
  return newest?.header.get(MESSAGE_ID_HEADER) === id ? newest.seq : null;
}

const streamOf = ({ topology }: JetStream, subject: string): string | undefined => topology?.streams.find(({ subjects }) => coveredByAny(subjects, subject))?.name;

function storedMessage(message: StoredMsg): StoredMessage {
  return {
    subject: message.subject,
    bytes: message.data,
    sequence: message.seq,
    atUs: microsecondsOf(message.timestamp),
    header: (name) => (message.header.has(name) ? message.header.get(name) : undefined),
    headers: plainHeaders(message.header),
  };
}

/** The server writes times as `2026-11-21T05:52:42.123456789Z`, without the trailing zeros of the fraction. */
function microsecondsOf(timestamp: string): number {
  const fraction = /\.(\d+)Z$/.exec(timestamp)?.[1] ?? '';
  const wholeSeconds = Math.floor(Date.parse(timestamp) / 1_000);
  return wholeSeconds * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
