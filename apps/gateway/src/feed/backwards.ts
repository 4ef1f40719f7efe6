import type { DurableStreams, StoredMessage } from '@parallax/bus';

const BLOCK = 256;

/**
 * What a stream holds before a sequence number, newest first; from its end where none is given. A stream is read forwards
 * alone: this reads it block by block, and looks twice as far back where a block is empty, since its messages have gone.
 */
export async function* readBackwards(streams: DurableStreams, stream: string, before?: number): AsyncGenerator<StoredMessage, void> {
  let end = before ?? Number.POSITIVE_INFINITY;
  let block = BLOCK;
  while (end > 1) {
    const from = end === Number.POSITIVE_INFINITY ? undefined : Math.max(1, end - block);
    const found: StoredMessage[] = [];
    for await (const message of streams.read(stream, from === undefined ? { newest: block } : { fromSequence: from })) {
      if (message.sequence >= end) break;
      found.push(message);
    }
    yield* found.toReversed();
    block = found.length === 0 ? block * 2 : BLOCK;
    end = from ?? found[0]?.sequence ?? 1;
  }
}
