import type { Clock, Timers } from '@parallax/types';

/** A line that comes again is written at most so often. */
const WRITTEN_EVERY_US = 60_000_000;
/** So many different lines are remembered; the one that is longest unwritten is forgotten. */
const REMEMBERED = 1_000;

interface Known {
  writtenAtUs: number;
  /** How often the line came since it was written. */
  repeated: number;
  /** Writes the newest of them. */
  write: (repeated: number) => void;
  cancel: () => void;
}

/** Lets a line through at once, and where it comes again and again, one a minute with how often it came. */
export class Repeats {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly clock: Clock,
    private readonly timers: Timers,
  ) {}

  /** `write` is called now, or later with how often the line came meanwhile; 0: it is not a repetition. */
  take(key: string, write: (repeated: number) => void): void {
    const nowUs = this.clock.nowUs();
    const known = this.known.get(key);
    if (known === undefined) {
      this.makeRoom();
      this.known.set(key, { writtenAtUs: nowUs, repeated: 0, write, cancel: () => {} });
      return write(0);
    }
    known.repeated++;
    known.write = write;
    const waitUs = known.writtenAtUs + WRITTEN_EVERY_US - nowUs;
    if (waitUs <= 0) this.tell(key, known);
    else if (known.repeated === 1) known.cancel = this.timers.after(Math.ceil(waitUs / 1_000), () => this.tell(key, known));
  }

  /** Writes what is held back, as a process does that ends. */
  flush(): void {
    for (const [key, known] of this.known) if (known.repeated > 0) this.tell(key, known);
  }

  private tell(key: string, known: Known): void {
    known.cancel();
    const { repeated, write } = known;
    // It becomes the newest.
    this.known.delete(key);
    this.known.set(key, { writtenAtUs: this.clock.nowUs(), repeated: 0, write, cancel: () => {} });
    write(repeated);
  }

  private makeRoom(): void {
    if (this.known.size < REMEMBERED) return;
    const [key, oldest] = this.known.entries().next().value!;
    oldest.cancel();
    this.known.delete(key);
    if (oldest.repeated > 0) oldest.write(oldest.repeated);
  }
}
