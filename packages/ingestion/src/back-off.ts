import type { Random } from '@parallax/types';

export interface BackOffLimits {
  readonly firstMs: number;
  readonly highestMs: number;
}
export const RECONNECT: BackOffLimits = { firstMs: 250, highestMs: 30_000 };

/**
 * Waits between tries: doubling, capped, with full jitter in the upper half so that many clients of one venue do not
 * come back together.
 */
export class BackOff {
  private tries = 0;

  constructor(
    private readonly random: Random,
    private readonly limits: BackOffLimits = RECONNECT,
  ) {}

  /** The next wait in milliseconds. */
  next(): number {
    const ceiling = Math.min(this.limits.highestMs, this.limits.firstMs * 2 ** Math.min(this.tries++, 30));
    return Math.round(ceiling * (0.5 + this.random.next() / 2));
  }

  reset(): void {
    this.tries = 0;
  }
}
