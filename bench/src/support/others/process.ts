/** One contender on one venue's recording in a process of its own, as each is in life: no other's objects stand in its way. */
import { answer, joining } from '../processes/answer.js';
import { contenderOf } from './contenders.js';

export interface Costs {
  /** Microseconds a frame. */
  readonly snapshotUs: number;
  readonly updateUs: number;
  readonly snapshots: number;
  readonly updates: number;
  readonly books: number;
}

const { venue, times } = joining.settings as { venue: string; times: number };
const { frames, make } = await contenderOf(venue, joining.role);
const took: number[][] = frames.map(() => []);
const reader = make();
let books = 0;

/**
 * The recordings are short; a round goes through them more than once, with the same reader, as a service lives long: each pass
 * begins with the snapshots anew, but finds its instruments known and its code compiled.
 */
function round(counts: boolean): void {
  for (let time = 0; time < times; time++) {
    for (let at = 0; at < frames.length; at++) {
      const startedAt = performance.now();
      reader.read(at);
      const tookUs = (performance.now() - startedAt) * 1000;
      if (counts) took[at].push(tookUs);
    }
    if (books === 0) books = reader.books();
  }
}

/**
 * Of each frame the middle of all its times counts, so that other work on the machine and collections of garbage (which the
 * others make more of) stay out; then the mean over the frames of a kind.
 */
function costs(): Costs {
  const middles = took.map((all) => all.sort((one, other) => one - other)[all.length >> 1]);
  const of = (snapshot: boolean): number[] => middles.filter((_, at) => frames[at].snapshot === snapshot);
  const mean = (all: readonly number[]): number => all.reduce((sum, each) => sum + each, 0) / all.length;
  const [snapshots, updates] = [of(true), of(false)];
  return { snapshotUs: mean(snapshots), updateUs: mean(updates), snapshots: snapshots.length, updates: updates.length, books };
}

answer({ round, costs });
