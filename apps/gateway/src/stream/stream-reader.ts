import type { Change } from '../core/entities.js';

/** A connection's sending side. */
export interface Line {
  /** Bytes handed over that the network has not taken yet. */
  buffered(): number;
  send(text: string): void;
}

const SLOW_BYTES = 512 * 1024;
const KEPT_CHANGES = 20_000;

/**
 * One reader of the stream. While it keeps up it gets every change; when it falls behind, only the newest change of each
 * entity is kept, and it is told how many it missed before it gets them. Beyond a bound it gets a new snapshot instead,
 * so that memory never grows with its slowness.
 */
export class StreamReader {
  private kept: Map<string, Change> | null = null;
  private skipped = 0;
  private overflowed = false;

  constructor(
    private readonly line: Line,
    private readonly snapshot: () => { text: string; sequence: number },
  ) {
    this.from = this.sendSnapshot();
  }

  /** Changes up to here were in the snapshot. */
  private from: number;

  get isBehind(): boolean {
    return this.kept !== null;
  }

  /** `textOf` makes a change's text once for all readers. */
  offer(changes: readonly Change[], textOf: (change: Change) => string): void {
    if (this.kept === null && this.line.buffered() > SLOW_BYTES) this.kept = new Map();
    if (this.kept !== null) {
      for (const change of changes) this.keep(this.kept, change);
      if (this.line.buffered() < SLOW_BYTES / 4) this.catchUp(this.kept, textOf);
      return;
    }
    for (const change of changes) if (change.sequence > this.from) this.line.send(textOf(change));
  }

  private keep(kept: Map<string, Change>, change: Change): void {
    const key = `${change.entity} ${change.key}`;
    if (kept.delete(key) || this.overflowed) this.skipped++;
    if (this.overflowed) return;
    kept.set(key, change);
    if (kept.size <= KEPT_CHANGES) return;
    this.skipped += kept.size;
    kept.clear();
    this.overflowed = true;
  }

  private catchUp(kept: Map<string, Change>, textOf: (change: Change) => string): void {
    this.line.send(JSON.stringify({ type: 'conflated', skipped: this.skipped, snapshot: this.overflowed }));
    if (this.overflowed) this.from = this.sendSnapshot();
    else for (const change of kept.values()) if (change.sequence > this.from) this.line.send(textOf(change));
    this.kept = null;
    this.skipped = 0;
    this.overflowed = false;
  }

  private sendSnapshot(): number {
    const { text, sequence } = this.snapshot();
    this.line.send(text);
    return sequence;
  }
}
