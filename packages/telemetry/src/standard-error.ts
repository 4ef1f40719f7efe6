import { writeSync } from 'node:fs';

/** So many bytes may wait for a reader that is slow; what comes beyond is lost. */
const MOST_WAITING = 2 ** 20;
/** At the end of the process a slow reader gets so many further tries, this far apart. */
const LAST_TRIES = 50;
const LAST_TRY_MS = 10;

type Writer = (bytes: Uint8Array) => number;

/**
 * Lines for people and for the log. What takes them may fail (a full disk, a reader that has gone, a terminal that was closed): then they are
 * lost and counted, nothing is thrown, and nobody waits. Told to `onBack` once lines are taken again.
 */
export class LineWriter {
  onBack: (lost: number, reason: string) => void = () => {};
  private waiting: Buffer = Buffer.alloc(0);
  private lost = 0;
  private reason = '';
  /** The last line was taken in part. */
  private isTorn = false;

  constructor(private readonly writer: Writer) {}

  /** Takes whole lines, each with its end. */
  write(lines: string): void {
    const bytes = Buffer.from(this.isTorn && this.waiting.length === 0 ? `\n${lines}` : lines);
    if (this.waiting.length + bytes.length > MOST_WAITING) return this.lose(bytes, 'its reader is too slow');
    this.waiting = this.waiting.length === 0 ? bytes : Buffer.concat([this.waiting, bytes]);
    if (this.drain() && this.lost > 0) this.tellBack();
  }

  /** Gives a slow reader a last, short time for what waits. */
  flush(): void {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (let tries = 0; tries < LAST_TRIES && !this.drain(); tries++) Atomics.wait(pause, 0, 0, LAST_TRY_MS);
  }

  /** Whether nothing waits any more and nothing was lost by it. */
  private drain(): boolean {
    while (this.waiting.length > 0) {
      try {
        const taken = this.writer(this.waiting);
        this.isTorn = this.waiting[taken - 1] !== NEW_LINE;
        this.waiting = this.waiting.subarray(taken);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === 'EAGAIN') return false;
        const { waiting } = this;
        this.waiting = Buffer.alloc(0);
        this.lose(waiting, message);
        return false;
      }
    }
    return true;
  }

  private lose(bytes: Uint8Array, reason: string): void {
    this.lost += bytes.reduce((lines, byte) => lines + Number(byte === NEW_LINE), 0);
    this.reason = reason;
  }

  private tellBack(): void {
    const { lost, reason } = this;
    this.lost = 0;
    this.onBack(lost, reason);
  }
}

const NEW_LINE = 10;

/** Of this process, or thread: for whatever is said to people, beside the log. */
export const standardError = new LineWriter((bytes) => writeSync(2, bytes));
