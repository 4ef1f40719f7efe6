import type { ServiceWatch } from '@parallax/runtime';
import type { Clock, Timers, VenueDoor, VenueOrder } from '@parallax/types';

const EVERY_MS = 30_000;
/** A venue that does not answer is asked again after so long. */
const AGAIN_MS = 1_000;
/** The venue's clock may be behind ours, and what was told last may not have been stored. */
const MARGIN_US = 60_000_000;

/**
 * Asks every venue what changed there, at the start and again and again: a report may be lost, nobody listens while
 * execution is away, and of an order that is at its end nobody asks any more.
 */
export class Reconciler {
  private stopped = false;
  private readonly pauses = new Set<() => void>();

  constructor(
    private readonly doors: readonly VenueDoor[],
    private readonly accounts: readonly string[],
    private readonly clock: Clock,
    private readonly timers: Timers,
    private readonly told: (venue: string, order: VenueOrder) => void,
    private readonly failed: ServiceWatch['failed'],
  ) {}

  /** Begins with what changed since the time, in microseconds, of the last thing that is known. */
  start(lastKnownUs: number): void {
    for (const door of this.doors) for (const account of this.accounts) void this.follow(door, account, lastKnownUs - MARGIN_US);
  }

  stop(): void {
    this.stopped = true;
    for (const end of this.pauses) end();
  }

  private async follow(door: VenueDoor, account: string, firstSinceUs: number): Promise<void> {
    let sinceUs = Math.max(0, firstSinceUs);
    while (!this.stopped) {
      const askedAtUs = this.clock.nowUs();
      const outcome = await door.changedSince(account, sinceUs);
      if (this.stopped) return;
      if (outcome.kind === 'found') {
        for (const order of outcome.orders) this.tell(door.venue, order);
        sinceUs = askedAtUs - MARGIN_US;
      }
      await this.pause(outcome.kind === 'found' ? EVERY_MS : AGAIN_MS);
    }
  }

  /** One that cannot be taken in keeps nobody from the others. */
  private tell(venue: string, order: VenueOrder): void {
    try {
      this.told(venue, order);
    } catch (error) {
      this.failed(error, `what ${venue} says that changed`);
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.timers.after(ms, end);
      const { pauses } = this;
      function end(): void {
        cancel();
        pauses.delete(end);
        resolve();
      }
      pauses.add(end);
    });
  }
}
