/** A rate limit: `capacity` at once, refilled evenly over `periodUs`. Pure; time is handed in. */
export class TokenBucket {
  private tokens: number;
  private refilledAtUs = 0;

  constructor(
    private readonly capacity: number,
    private readonly periodUs: number,
  ) {
    this.tokens = capacity;
  }

  /** Takes `amount` if it is there. */
  take(amount: number, nowUs: number): boolean {
    this.refill(nowUs);
    // What exceeds the whole capacity would otherwise wait for ever.
    const needed = Math.min(amount, this.capacity);
    if (this.tokens < needed) return false;
    this.tokens -= needed;
    return true;
  }

  /** When `amount` will be there. */
  availableAtUs(amount: number, nowUs: number): number {
    this.refill(nowUs);
    const missing = Math.min(amount, this.capacity) - this.tokens;
    return missing <= 0 ? nowUs : nowUs + Math.ceil((missing * this.periodUs) / this.capacity);
  }

  /** The venue said to wait: nothing is to be had before `untilUs`. */
  pause(untilUs: number): void {
    this.tokens = 0;
    this.refilledAtUs = Math.max(this.refilledAtUs, untilUs);
  }

  private refill(nowUs: number): void {
    if (this.refilledAtUs === 0) this.refilledAtUs = nowUs;
    if (nowUs <= this.refilledAtUs) return;
    this.tokens = Math.min(this.capacity, this.tokens + ((nowUs - this.refilledAtUs) * this.capacity) / this.periodUs);
    this.refilledAtUs = nowUs;
  }
}
