/** Times of one frame in one service, integer microseconds; `finishedAtUs` is 0 while the frame is under way. */
export interface FrameTimes {
  receivedAtUs: number;
  startedAtUs: number;
  finishedAtUs: number;
}

const FRAME = 0;
const RECEIVED = 1;
const STARTED = 2;
const FINISHED = 3;
const FIELDS = 4;
const CONNECTION = 4;
const SYMBOL_FIELDS = 5;

/** One connection's recent frames: `FIELDS` numbers each, at the place that follows from the frame's number. */
interface ConnectionRing {
  readonly connection: number;
  readonly cells: Float64Array;
  lastUsed: number;
}

export interface FrameRingOptions {
  /** Frames kept for each connection; a power of two. */
  readonly frames?: number;
  /** Connections kept; a new one takes the place of the one unused for longest. */
  readonly connections?: number;
}

/**
 * Remembers when a service took up and finished its recent frames, so that spans can be written afterwards for the few
 * frames that led to something. Numbers in typed arrays: a frame costs no object. The last frame of each symbol is kept
 * outside the ring, so that a quiet leg of a signal has its times too.
 */
export class FrameRing {
  private readonly frames: number;
  private readonly connections: number;
  private readonly rings = new Map<number, ConnectionRing>();
  private current: ConnectionRing | null = null;
  private at = 0;
  private underWay = false;
  private uses = 0;
  /** By instrument number: the four fields and the connection. */
  private symbols = new Float64Array(64 * SYMBOL_FIELDS);
  private readonly touched = new Int32Array(1024);
  private touchedCount = 0;

  constructor({ frames = 4096, connections = 64 }: FrameRingOptions = {}) {
    if (!Number.isInteger(Math.log2(frames))) throw new RangeError(`frames must be a power of two, not ${frames}`);
    this.frames = frames;
    this.connections = connections;
  }

  /** The service takes up a frame; frames of one service are handled one at a time. */
  start(connection: number, frame: number, receivedAtUs: number, startedAtUs: number): void {
    if (this.current === null || this.current.connection !== connection) this.current = this.ringOf(connection);
    this.at = (frame % this.frames) * FIELDS;
    const { cells } = this.current;
    cells[this.at + FRAME] = frame;
    cells[this.at + RECEIVED] = receivedAtUs;
    cells[this.at + STARTED] = startedAtUs;
    cells[this.at + FINISHED] = 0;
    this.touchedCount = 0;
    this.underWay = true;
  }

  /** The frame under way changed this instrument (its number in the process's InstrumentTable); between frames nothing. */
  touch(instrument: number): void {
    if (this.current === null || !this.underWay) return;
    const from = instrument * SYMBOL_FIELDS;
    if (from >= this.symbols.length) this.grow(instrument);
    for (let field = 0; field < FIELDS; field++) this.symbols[from + field] = this.current.cells[this.at + field];
    this.symbols[from + CONNECTION] = this.current.connection;
    if (this.touchedCount < this.touched.length) this.touched[this.touchedCount++] = instrument;
  }

  finish(finishedAtUs: number): void {
    if (this.current === null || !this.underWay) return;
    this.underWay = false;
    this.current.cells[this.at + FINISHED] = finishedAtUs;
    for (let i = 0; i < this.touchedCount; i++) this.symbols[this.touched[i] * SYMBOL_FIELDS + FINISHED] = finishedAtUs;
  }

  /** Fills `into` with the frame's times and says whether it is still known. */
  find(connection: number, frame: number, into: FrameTimes): boolean {
    const cells = this.rings.get(connection)?.cells;
    const from = (frame % this.frames) * FIELDS;
    if (cells !== undefined && cells[from + FRAME] === frame) {
      fill(into, cells, from);
      return true;
    }
    for (let at = 0; at < this.symbols.length; at += SYMBOL_FIELDS) {
      if (this.symbols[at + FRAME] === frame && this.symbols[at + CONNECTION] === connection) {
        fill(into, this.symbols, at);
        return true;
      }
    }
    return false;
  }

  /** Whether frames of this connection passed here, be the one that is looked for still known or not. */
  knows(connection: number): boolean {
    return this.rings.has(connection);
  }

  private ringOf(connection: number): ConnectionRing {
    this.uses++;
    const known = this.rings.get(connection);
    if (known) {
      known.lastUsed = this.uses;
      return known;
    }
    if (this.rings.size >= this.connections) this.forgetOldest();
    // Frames count from 1, so that a cell of zeros is no frame.
    const ring = { connection, cells: new Float64Array(this.frames * FIELDS), lastUsed: this.uses };
    this.rings.set(connection, ring);
    return ring;
  }

  private forgetOldest(): void {
    let oldest: ConnectionRing | null = null;
    for (const ring of this.rings.values()) if (oldest === null || ring.lastUsed < oldest.lastUsed) oldest = ring;
    if (oldest !== null) this.rings.delete(oldest.connection);
  }

  private grow(instrument: number): void {
    const larger = new Float64Array(Math.max(this.symbols.length * 2, (instrument + 1) * SYMBOL_FIELDS));
    larger.set(this.symbols);
    this.symbols = larger;
  }
}

function fill(into: FrameTimes, from: Float64Array, at: number): void {
  into.receivedAtUs = from[at + RECEIVED];
  into.startedAtUs = from[at + STARTED];
  into.finishedAtUs = from[at + FINISHED];
}
