import type { Recording, TapeEntry } from '@parallax/recordings';

/** An entry with the recording it comes from and its place in the whole replay. */
export interface ReplayEntry {
  readonly recording: number;
  readonly entry: TapeEntry;
}

export interface Tape {
  readonly recording: Recording;
  readonly entries: AsyncIterator<TapeEntry>;
}

/**
 * Walks several recordings as one, by time, then recording, then place in the file. Within a file the order is the
 * file's own: a recorder's clock that stepped back does not reorder what it heard.
 */
export async function* merge(tapes: readonly Tape[]): AsyncGenerator<ReplayEntry> {
  const heads: (TapeEntry | null)[] = [];
  const latest: number[] = [];
  for (const [index, tape] of tapes.entries()) {
    heads[index] = await next(tape);
    latest[index] = heads[index]?.receivedAtUs ?? Infinity;
  }
  for (;;) {
    let first = -1;
    for (let i = 0; i < heads.length; i++) if (heads[i] && (first < 0 || latest[i] < latest[first])) first = i;
    if (first < 0) return;
    const head = heads[first]!;
    yield { recording: first, entry: head.receivedAtUs === latest[first] ? head : { ...head, receivedAtUs: latest[first] } };
    const following = await next(tapes[first]);
    heads[first] = following;
    if (following) latest[first] = Math.max(latest[first], following.receivedAtUs);
  }
}

async function next(tape: Tape): Promise<TapeEntry | null> {
  const { value, done } = await tape.entries.next();
  return done ? null : value;
}
