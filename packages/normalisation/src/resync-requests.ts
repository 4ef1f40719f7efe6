/** Waits between two requests for the same book's snapshot, in microseconds; the last one repeats. */
const WAITS_US = [1_000_000, 2_000_000, 5_000_000, 10_000_000, 30_000_000];

interface Pending {
  attempts: number;
  nextAtUs: number;
}

/**
 * When to ask a venue for a fresh snapshot of a book: at once, then ever less often until one has come. Pure; so that no
 * fault of a feed becomes a storm of requests.
 */
export class ResyncRequests {
  wakeAtUs = Infinity;
  requested = 0;
  private readonly pending = new Map<number, Pending>();

  constructor(private readonly ask: (instrument: number, attempt: number) => void) {}

  /** At once, or at `atUs`; where it is wanted already nothing changes. */
  want(instrument: number, nowUs: number, atUs = nowUs): void {
    const known = this.pending.get(instrument);
    if (known) return;
    this.pending.set(instrument, { attempts: 0, nextAtUs: atUs });
    this.onWake(nowUs);
  }

  /** No snapshot is needed any more: the next want starts anew. */
  settled(instrument: number): void {
    this.pending.delete(instrument);
  }

  /** When it is asked for again; -Infinity where nothing is wanted. */
  nextAtUs(instrument: number): number {
    return this.pending.get(instrument)?.nextAtUs ?? -Infinity;
  }

  onWake(nowUs: number): void {
    this.wakeAtUs = Infinity;
    for (const [instrument, entry] of this.pending) {
      if (entry.nextAtUs <= nowUs) {
        entry.nextAtUs = nowUs + WAITS_US[Math.min(entry.attempts, WAITS_US.length - 1)];
        this.requested++;
        this.ask(instrument, ++entry.attempts);
      }
      this.wakeAtUs = Math.min(this.wakeAtUs, entry.nextAtUs);
    }
  }
}
