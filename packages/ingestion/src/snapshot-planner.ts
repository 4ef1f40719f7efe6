import type { Rate } from '@parallax/venues';
import { RateLimit } from './rate-limit.js';

/**
 * Orders REST snapshots within the venue's weight limit: first come, first served, one request per symbol at a time.
 * Pure; `fetch` starts a request and `onDone` tells that it ended.
 */
export class SnapshotPlanner {
  wakeAtUs = Infinity;
  private readonly waiting: string[] = [];
  private readonly running = new Set<string>();
  private readonly weight: RateLimit;

  constructor(
    weight: Rate,
    private readonly weightOfOne: number,
    private readonly fetch: (symbol: string) => void,
    /** Half of the limit is left to others who share the address. */
    share = 0.5,
  ) {
    this.weight = new RateLimit({ ...weight, amount: Math.max(weightOfOne, weight.amount * share) });
  }

  want(symbol: string, nowUs: number): void {
    if (this.running.has(symbol) || this.waiting.includes(symbol)) return;
    this.waiting.push(symbol);
    this.onWake(nowUs);
  }

  onDone(symbol: string): void {
    this.running.delete(symbol);
  }

  /** The venue answered 429 or 418: nothing more before it allows. */
  pause(untilUs: number): void {
    this.weight.pause(untilUs);
    if (this.waiting.length > 0) this.wakeAtUs = untilUs;
  }

  onWake(nowUs: number): void {
    while (this.waiting.length > 0 && this.weight.take(this.weightOfOne, nowUs)) {
      const symbol = this.waiting.shift()!;
      this.running.add(symbol);
      this.fetch(symbol);
    }
    this.wakeAtUs = this.waiting.length > 0 ? this.weight.availableAtUs(this.weightOfOne, nowUs) : Infinity;
  }
}
