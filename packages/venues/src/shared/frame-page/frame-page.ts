import { Levels } from '@parallax/book';
import { PROGRAM } from './program.js';
import { layOut, type Row } from './row.js';

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
declare const WebAssembly: {
  Module: new (program: Uint8Array) => object;
  Memory: new (size: { initial: number }) => Memory;
  Instance: new (module: object, imports: object) => { readonly exports: object };
};
type ReadLevels = (from: number, prices: number, sizes: number, priceScale: number, sizeScale: number) => number;
/** The functions of frame-program.as. */
interface Program {
  readonly readPairs: ReadLevels;
  readonly readPairsAndOrders: ReadLevels;
  readonly readObjects: ReadLevels;
  readonly levelsRead: () => number;
  readonly readFields: (row: number, from: number, values: number) => number;
}
/** How a venue writes a level; see the functions' shapes in frame-program.as. */
export type LevelShape = 'pair' | 'pair-and-orders' | 'object';
const READERS = { pair: 'readPairs', 'pair-and-orders': 'readPairsAndOrders', object: 'readObjects' } as const;

const PROGRAM_MODULE = new WebAssembly.Module(Buffer.from(PROGRAM, 'base64'));

/** The unit in which such memory grows. */
const PAGE_BYTES = 65_536;
/** Before it lies the program's own table. */
const FIRST_FREE = 2_048;
/** The shortest level and the comma behind it: `["1","0"],`. */
const LEVEL_BYTES = 10;
const MOST_VALUES = 16;
const LARGEST_SCALE = 15;
/** Stands nowhere: no text holds such a byte. */
const NOWHERE = Uint8Array.from({ length: 32 }, (_, at) => ({ 0: 1, 4: 1, 16: 0xff })[at] ?? 0);

/** Levels whose columns lie in the page, with room for all that a frame can hold. */
export class PageLevels extends Levels {
  pricesAt = 0;
  sizesAt = 0;

  protected override grow(): void {
    throw new RangeError(`more than ${this.count} levels in one frame`);
  }
}

/** Memory for one frame and what is read from it, shared by JavaScript and the program of frame-program.as. */
export class FramePage {
  bytes!: Uint8Array<ArrayBuffer>;
  view!: DataView;
  /** What the last row held, in its order. */
  values!: Float64Array;
  readonly bids = new PageLevels();
  readonly asks = new PageLevels();
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  private used = FIRST_FREE;
  private readonly valuesAt = this.allocate(MOST_VALUES * 8);
  private capacity = 0;
  private frameAt = 0;
  private room = 0;
  private readonly readLevels: ReadLevels;
  private readonly levelsRead: Program['levelsRead'];
  private readonly readFields: Program['readFields'];

  /** `capacity` is the most bytes of a frame, what is looked at behind its end included. */
  constructor(capacity: number, shape: LevelShape) {
    const program = new WebAssembly.Instance(PROGRAM_MODULE, { env: { memory: this.memory } }).exports as Program;
    this.readLevels = program[READERS[shape]];
    this.levelsRead = program.levelsRead;
    this.readFields = program.readFields;
    this.grow(capacity);
  }

  /** Makes room for larger frames; what the page held is lost, and `bytes` and `view` are others. */
  grow(capacity: number): void {
    this.capacity = capacity;
    this.room = Math.ceil(capacity / LEVEL_BYTES) + 1;
    this.frameAt = this.allocate(capacity);
    for (const levels of [this.bids, this.asks]) {
      levels.pricesAt = this.allocate(this.room * 8);
      levels.sizesAt = this.allocate(this.room * 8);
    }
    this.attach();
  }

  /**
   * Keeps a row and returns its place; one with a scale beyond what the program knows stands nowhere. `bytes`, `view` and
   * `values` may be others then, with the same content.
   */
  place(row: Row): number {
    if (row.values.length > MOST_VALUES) throw new RangeError(`a row of ${row.values.length} values`);
    const laidOut = row.values.some(({ scale }) => scale > LARGEST_SCALE) ? NOWHERE : layOut(row);
    const place = this.allocate(laidOut.length);
    this.attach();
    new Uint8Array(this.memory.buffer).set(laidOut, place);
    return place;
  }

  /** The byte behind the row that was kept at `place` if it stands at the frame's byte `at`, its values in `values`; else -1. */
  behindRow(place: number, at: number): number {
    const behind = this.readFields(place, this.frameAt + at, this.valuesAt);
    return behind === 0 ? -1 : behind - this.frameAt;
  }

  /**
   * Reads level after level from the frame's byte `at` into one of the page's own lists, from its beginning, up to what the
   * program does not know. Returns where it stopped: behind the list's closing bracket, or at the first level that it did
   * not read.
   */
  read(at: number, levels: PageLevels, priceScale: number, sizeScale: number): number {
    const stopped = this.readLevels(this.frameAt + at, levels.pricesAt, levels.sizesAt, priceScale, sizeScale);
    levels.count = this.levelsRead();
    return stopped - this.frameAt;
  }

  private allocate(bytes: number): number {
    const at = this.used;
    this.used += Math.ceil(bytes / 16) * 16;
    const missing = Math.ceil(this.used / PAGE_BYTES) - this.memory.buffer.byteLength / PAGE_BYTES;
    if (missing > 0) this.memory.grow(missing);
    return at;
  }

  /** Views anew: those of memory that has grown are empty. */
  private attach(): void {
    const { buffer } = this.memory;
    this.bytes = new Uint8Array(buffer, this.frameAt, this.capacity);
    this.view = new DataView(buffer, this.frameAt, this.capacity);
    this.values = new Float64Array(buffer, this.valuesAt, MOST_VALUES);
    for (const levels of [this.bids, this.asks]) {
      levels.prices = new Float64Array(buffer, levels.pricesAt, this.room);
      levels.sizes = new Float64Array(buffer, levels.sizesAt, this.room);
    }
  }
}
