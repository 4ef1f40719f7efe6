import type { ServiceWatch } from '@parallax/runtime';
import type { Clock, OrderCursor, Timers, VenueDoor, VenueOrder } from '@parallax/types';
import { ReportsMeanwhile } from './reports-meanwhile.js';

const EVERY_MS = 30_000;
/** A venue that does not answer is asked again after so long. */
const AGAIN_MS = 1_000;
/** The venue's clock may be behind ours, and what was told last may not have been stored. */
const MARGIN_US = 60_000_000;
/** Orders that are compared in one turn; what came meanwhile, such as an approval, has its turn between. */
const ORDERS_A_TURN = 32;

/**
 * Asks every venue what changed there, at the start and again and again: a report may be lost, nobody listens while
 * execution is away, and of an order that is at its end nobody asks any more. The answer comes in pages, each taken in
 * before the next is asked for.
 */
export class Reconciler {
  private stopped = false;
  private readonly pauses = new Set<() => void>();
  private readonly meanwhile = new ReportsMeanwhile();

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

  /** A venue reported an order: what a page under way says of its time before is not told any more. */
  heard(venue: string, order: VenueOrder): void {
    this.meanwhile.heard(venue, order);
  }

  private async follow(door: VenueDoor, account: string, firstSinceUs: number): Promise<void> {
    let sinceUs = Math.max(0, firstSinceUs);
    while (!this.stopped) {
      sinceUs = Math.max(0, (await this.round(door, account, sinceUs)) - MARGIN_US);
      await this.pause(EVERY_MS);
    }
  }

  /**
   * Takes in all pages of what changed; when the first of them was asked for. A page that is not answered is asked for again: the
   * pages before it are not.
   */
  private async round(door: VenueDoor, account: string, sinceUs: number): Promise<number> {
    let after: OrderCursor | null = null;
    let firstAskedAtUs = 0;
    while (!this.stopped) {
      if (after === null) firstAskedAtUs = this.clock.nowUs();
      const end = this.meanwhile.begin(door.venue);
      try {
        const outcome = await door.changedSince(account, sinceUs, after);
        if (outcome.kind === 'found') {
          await this.tellAll(door.venue, outcome.orders);
          if (outcome.next === null) break;
          after = outcome.next;
        }
        await this.pause(outcome.kind === 'found' ? 0 : AGAIN_MS);
      } finally {
        end();
      }
    }
    return firstAskedAtUs;
  }

  private async tellAll(venue: string, orders: readonly VenueOrder[]): Promise<void> {
    for (let index = 0; index < orders.length && !this.stopped; index++) {
      if (index > 0 && index % ORDERS_A_TURN === 0) await this.pause(0);
      if (!this.stopped && !this.meanwhile.isPast(venue, orders[index])) this.tell(venue, orders[index]);
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
    if (this.stopped) return Promise.resolve();
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
