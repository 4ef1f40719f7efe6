import { LadderBook, Side } from '@parallax/book';
import type { Bench } from './support/bench.js';
import { Samples } from './support/percentiles.js';
import { timerOverheadUs } from './support/timer.js';

const MOVES = 2_000;
const WINDOW = 65_536;

/** A side of `levels` levels; a price that jumps by more than the window makes it move at every step. */
function moveOften(levels: number, spacing: number): Samples {
  const samples = new Samples(MOVES);
  const book = new LadderBook(1, WINDOW);
  let best = 1_000_000;
  for (let level = 0; level < levels; level++) book.set(Side.bid, best - level * spacing, 1 + level);
  for (let warm = -200; samples.count < MOVES; warm++) {
    const before = book.windowMoves;
    best += Math.floor(WINDOW / 3);
    const startedAt = performance.now();
    book.set(Side.bid, best, 5);
    const tookUs = (performance.now() - startedAt) * 1000;
    if (book.windowMoves > before && warm >= 0) samples.add(tookUs);
    book.truncate(levels);
  }
  return samples;
}

export const bench: Bench = {
  name: 'window-move',
  description: `the one update that moves a ladder's window of ${WINDOW} ticks, the largest, by how many levels the side holds`,
  run(report) {
    for (const [levels, spacing] of [[100, 1], [1_000, 1], [1_000, 20], [5_000, 3]] as const) {
      const { count, p50, p99, p999, maximum } = moveOften(levels, spacing).percentiles();
      report.row(`${levels} levels, ${spacing} ticks apart`, { moves: count, p50Us: p50, p99Us: p99, p999Us: p999, maximumUs: maximum });
    }
    report.note(`the timer's own ${timerOverheadUs().toFixed(3)} µs are inside; after each move the side is cut to its number of levels again, outside the time`);
  },
};
