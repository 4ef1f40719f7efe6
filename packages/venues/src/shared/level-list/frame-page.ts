import type { Levels } from '@parallax/book';
import { PROGRAM } from './program.js';

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
/** The functions of level-list.as. */
interface Program {
  readonly readPairs: ReadLevels;
  readonly readPairsAndOrders: ReadLevels;
  readonly readObjects: ReadLevels;
  readonly levelsRead: () => number;
}
/** How a venue writes a level; see the functions' shapes in level-list.as. */
export type LevelShape = 'pair' | 'pair-and-orders' | 'object';
const READERS = { pair: 'readPairs', 'pair-and-orders': 'readPairsAndOrders', object: 'readObjects' } as const;

const PROGRAM_MODULE = new WebAssembly.Module(Buffer.from(PROGRAM, 'base64'));

/** The unit in which such memory grows. */
const PAGE_BYTES = 65_536;
/** Where the frame begins: before it lies the program's own table. */
const FRAME = 2_048;
/** The shortest level and the comma behind it: `["1","0"],`. */
const LEVEL_BYTES = 10;

/** Memory for one frame and the levels that are read from it, shared by JavaScript and the program of level-list.as. */
export class FramePage {
  bytes!: Uint8Array<ArrayBuffer>;
  view!: DataView;
  private prices!: Float64Array;
  private sizes!: Float64Array;
  private readonly memory: Memory;
  private pricesAt = 0;
  private sizesAt = 0;
  private readonly readLevels: ReadLevels;
  private readonly levelsRead: Program['levelsRead'];

  /** `capacity` is the most bytes of a frame, what is looked at behind its end included. */
  constructor(capacity: number, shape: LevelShape) {
    this.memory = new WebAssembly.Memory({ initial: pagesFor(capacity) });
    const program = new WebAssembly.Instance(PROGRAM_MODULE, { env: { memory: this.memory } }).exports as Program;
    this.readLevels = program[READERS[shape]];
    this.levelsRead = program.levelsRead;
    this.divide(capacity);
  }

  /** Makes room for larger frames; what the page held is lost, and `bytes` and `view` are others. */
  grow(capacity: number): void {
    const missing = pagesFor(capacity) - this.memory.buffer.byteLength / PAGE_BYTES;
    if (missing > 0) this.memory.grow(missing);
    this.divide(capacity);
  }

  /**
   * Reads level after level from the frame's byte `at` into `levels`, up to what the program does not know. Returns where it
   * stopped: behind the list's closing bracket, or at the first level that it did not read.
   */
  read(at: number, levels: Levels, priceScale: number, sizeScale: number): number {
    const stopped = this.readLevels(FRAME + at, this.pricesAt, this.sizesAt, priceScale, sizeScale) - FRAME;
    levels.append(this.prices, this.sizes, this.levelsRead());
    return stopped;
  }

  private divide(capacity: number): void {
    const { buffer } = this.memory;
    const room = roomFor(capacity);
    this.bytes = new Uint8Array(buffer, FRAME, capacity);
    this.view = new DataView(buffer, FRAME, capacity);
    this.pricesAt = FRAME + Math.ceil(capacity / 8) * 8;
    this.sizesAt = this.pricesAt + room * 8;
    this.prices = new Float64Array(buffer, this.pricesAt, room);
    this.sizes = new Float64Array(buffer, this.sizesAt, room);
  }
}

const roomFor = (capacity: number): number => Math.ceil(capacity / LEVEL_BYTES) + 1;
const pagesFor = (capacity: number): number => Math.ceil((FRAME + capacity + 8 + 2 * 8 * roomFor(capacity)) / PAGE_BYTES);
