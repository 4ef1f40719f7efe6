import type { Bus } from '@parallax/bus';
import type { ServiceLog } from '@parallax/runtime';

/** One stream of the past, and what becomes of its messages. */
export interface PastStream {
  readonly stream: string;
  readonly subject: string;
  /** Reads one message: when it was said, and how it is taken. */
  read(bytes: Uint8Array): { readonly atUs: number; take(): void };
}

/** A message that is to be taken next of its stream. */
interface Head {
  readonly sequence: number;
  readonly atUs: number;
  take(): void;
}

/** Reads several streams as one, in the order of time; of one time, in the order of the streams. Holds one message of each. */
export class PastReader {
  /** By stream: the first that was not taken. */
  private readonly next: number[];

  constructor(
    private readonly bus: Pick<Bus, 'streams'>,
    private readonly log: Pick<ServiceLog, 'warn'>,
    private readonly streams: readonly PastStream[],
  ) {
    this.next = streams.map(() => 1);
  }

  /** Takes what is stored and was not taken yet. Where reading fails it rejects, and the next call goes on behind what was taken. */
  async read(): Promise<void> {
    const reads = this.streams.map((stream, at) => this.headsOf(stream, this.next[at]));
    try {
      const heads = await Promise.all(reads.map(headOf));
      for (let first = earliest(heads); first >= 0; first = earliest(heads)) {
        const head = heads[first]!;
        head.take();
        this.next[first] = head.sequence + 1;
        heads[first] = await headOf(reads[first]);
      }
    } finally {
      await Promise.allSettled(reads.map((read) => read.return(undefined)));
    }
  }

  /** What cannot be read for itself is told and left out: the rest is better than nothing. */
  private async *headsOf({ stream, subject, read }: PastStream, fromSequence: number): AsyncGenerator<Head, undefined> {
    for await (const { bytes, sequence } of this.bus.streams.read(stream, { subject, fromSequence })) {
      let head: Head;
      try {
        head = { sequence, ...read(bytes) };
      } catch (error) {
        this.log.warn('a stored message cannot be read', { stream, sequence, reason: (error as Error).message });
        continue;
      }
      yield head;
    }
    return undefined;
  }
}

async function headOf(read: AsyncGenerator<Head, undefined>): Promise<Head | undefined> {
  return (await read.next()).value;
}

/** Which head is the earliest; -1 where there is none. */
function earliest(heads: readonly (Head | undefined)[]): number {
  let first = -1;
  heads.forEach((head, at) => {
    if (head !== undefined && (first < 0 || head.atUs < heads[first]!.atUs)) first = at;
  });
  return first;
}
