import type { DurableStreams, StoredMessage } from '@parallax/bus';
import { ParallaxError } from '@parallax/types';

/**
 * Reads a stream from behind `after`, as long as what it holds is over; returns the number of the last message that is.
 * So a checkpoint takes the past in, and never a message that somebody may still need by itself.
 */
export async function readPast(
  streams: DurableStreams, stream: string, after: number, isOver: (message: StoredMessage) => boolean, take: (message: StoredMessage) => void = () => {},
): Promise<number> {
  let last = after;
  for await (const message of streams.read(stream, { fromSequence: after + 1 })) {
    if (!isOver(message)) break;
    take(message);
    last = message.sequence;
  }
  return last;
}

/**
 * Reads all that a stream holds behind `after`, the last message that a checkpoint holds (0: there is none).
 * @throws ParallaxError `STORE_FAILED` where the stream no longer has the next one: it is bounded, and what fell out of it is
 * in no checkpoint.
 */
export async function* readUnbroken(streams: DurableStreams, stream: string, after: number): AsyncGenerator<StoredMessage> {
  let isFirst = true;
  for await (const message of streams.read(stream, { fromSequence: after + 1 })) {
    if (isFirst && message.sequence !== after + 1) {
      const lost = message.sequence - after - 1;
      throw new ParallaxError('STORE_FAILED', `${lost} messages are gone from the stream ${stream}, from number ${after + 1} on, and in no checkpoint`, { place: stream });
    }
    isFirst = false;
    yield message;
  }
}
