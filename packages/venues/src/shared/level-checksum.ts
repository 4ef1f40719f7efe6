import type { BookReader } from '@parallax/book';
import type { InstrumentSpecification } from '@parallax/types';
import { CRC32_START, crc32Continue, DigitText } from './crc32.js';

/** What a venue sums: which levels in which order, and the text of each. */
export interface LevelText {
  /** The most levels that are summed, both sides together. */
  readonly capacity: number;
  /** Writes `price, size` of the levels in the venue's order into `levels`; returns how many levels. */
  order(book: BookReader, levels: Float64Array): number;
  /** Writes one level, `first` for the first of the text. */
  write(text: DigitText, price: number, size: number, specification: InstrumentSpecification, first: boolean): void;
}

/** The last sum of one book: its levels, and the CRC's state after each. */
interface Memory {
  specification: InstrumentSpecification;
  count: number;
  levels: Float64Array;
  readonly states: Int32Array;
}

/**
 * CRC-32 over the best levels of a book. Most updates leave the first levels as they were, so each book's last sum is
 * remembered level by level and the sum goes on from the first level that is another one: on the recordings this halves
 * the cost of the checks and more.
 */
export class LevelChecksum {
  private readonly memories = new WeakMap<BookReader, Memory>();
  private readonly text = new DigitText(64);
  private levels: Float64Array;

  constructor(private readonly venue: LevelText) {
    this.levels = new Float64Array(venue.capacity * 2);
  }

  /** The signed sum. */
  compute(book: BookReader, specification: InstrumentSpecification): number {
    const memory = this.memoryOf(book, specification);
    const { levels } = this;
    const count = this.venue.order(book, levels);
    const { states } = memory;
    let same = 0;
    const known = memory.specification === specification ? Math.min(count, memory.count) * 2 : 0;
    while (same < known && levels[same] === memory.levels[same]) same++;
    for (let level = same >> 1; level < count; level++) {
      this.text.clear();
      this.venue.write(this.text, levels[level * 2], levels[level * 2 + 1], specification, level === 0);
      states[level + 1] = crc32Continue(states[level], this.text.bytes, this.text.length);
    }
    this.levels = memory.levels;
    memory.levels = levels;
    memory.count = count;
    memory.specification = specification;
    return ~states[count];
  }

  private memoryOf(book: BookReader, specification: InstrumentSpecification): Memory {
    let memory = this.memories.get(book);
    if (memory === undefined) {
      const { capacity } = this.venue;
      memory = { specification, count: 0, levels: new Float64Array(capacity * 2), states: new Int32Array(capacity + 1) };
      memory.states[0] = CRC32_START;
      this.memories.set(book, memory);
    }
    return memory;
  }
}
