import type { Random } from '@parallax/types';

/** Waits that double up to a cap, each somewhere in its upper half, so that many clients do not come back at once. */
export class BackOff {
  private attempt = 0;

  constructor(
    private readonly random: Pick<Random, 'next'>,
    private readonly firstMs: number,
    private readonly longestMs: number,
  ) {}

  nextMs(): number {
    const fullMs = Math.min(this.longestMs, this.firstMs * 2 ** this.attempt);
    if (fullMs < this.longestMs) this.attempt++;
    return Math.round(fullMs * (0.5 + this.random.next() / 2));
  }

  reset(): void {
    this.attempt = 0;
  }
}
