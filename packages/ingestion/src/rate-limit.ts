import type { Rate, VenueLimits } from '@parallax/venues';

interface Taken {
  readonly atUs: number;
  readonly amount: number;
}

/** What leaves at an even pace may arrive closer together: periods are taken for so much longer. */
const LEEWAY = 1.1;

/**
 * Never more than a rate's amount within any stretch of its period, however the venue cuts its own: what was taken counts until
 * the period behind it is over. Pure; time is handed in.
 */
export class RateLimit {
  private readonly amount: number;
  private readonly periodUs: number;
  private readonly taken: Taken[] = [];
  private sum = 0;
  private pausedUntilUs = 0;

  constructor({ amount, everyMs }: Rate) {
    this.amount = amount;
    this.periodUs = Math.round(everyMs * 1_000 * LEEWAY);
  }

  /** Takes `amount` if it is to be had. */
  take(amount: number, nowUs: number): boolean {
    if (this.availableAtUs(amount, nowUs) > nowUs) return false;
    const taken = this.possible(amount);
    this.taken.push({ atUs: nowUs, amount: taken });
    this.sum += taken;
    return true;
  }

  /** When `amount` will be to be had. */
  availableAtUs(amount: number, nowUs: number): number {
    this.forget(nowUs);
    let free = this.amount - this.sum;
    let atUs = nowUs;
    for (const entry of this.taken) {
      if (free >= this.possible(amount)) break;
      free += entry.amount;
      atUs = entry.atUs + this.periodUs;
    }
    return Math.max(atUs, this.pausedUntilUs);
  }

  /** The venue said to wait: nothing is to be had before `untilUs`. */
  pause(untilUs: number): void {
    this.pausedUntilUs = Math.max(this.pausedUntilUs, untilUs);
  }

  /** What exceeds the whole amount would otherwise wait for ever. */
  private possible(amount: number): number {
    return Math.min(amount, this.amount);
  }

  private forget(nowUs: number): void {
    while (this.taken.length > 0 && this.taken[0].atUs + this.periodUs <= nowUs) this.sum -= this.taken.shift()!.amount;
  }
}

/** What all connections to a venue share, because the venue counts the address that they come from. */
export class AddressLimits {
  readonly connections: RateLimit;
  readonly messages: RateLimit | null;

  constructor({ connections, addressMessages }: Pick<VenueLimits, 'connections' | 'addressMessages'>) {
    this.connections = new RateLimit(connections);
    this.messages = addressMessages === undefined ? null : new RateLimit(addressMessages);
  }
}
