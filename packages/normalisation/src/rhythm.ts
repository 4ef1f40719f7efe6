/** How silence of one symbol is judged: by its own usual rhythm, within bounds. */
export interface SilenceLimits {
  /** Never stale before this; venues.md 24.3 advises 10 s for a liquid symbol. */
  readonly atLeastUs: number;
  readonly atMostUs: number;
  /** Multiples of the usual distance between proofs. */
  readonly multiple: number;
}
export const SILENCE_LIMITS: SilenceLimits = { atLeastUs: 10_000_000, atMostUs: 120_000_000, multiple: 20 };

/** Weight of the newest distance in the moving average. */
const NEWEST = 1 / 64;

/** Learns the usual distance between two proofs of life and says when silence is too long. */
export class Rhythm {
  provenAtUs = 0;
  private usualUs = 0;

  constructor(private readonly limits: SilenceLimits = SILENCE_LIMITS) {}

  prove(nowUs: number): void {
    if (this.provenAtUs !== 0) {
      const distance = nowUs - this.provenAtUs;
      this.usualUs = this.usualUs === 0 ? distance : this.usualUs + (distance - this.usualUs) * NEWEST;
    }
    this.provenAtUs = nowUs;
  }

  /** When this symbol counts as silent; Infinity before the first proof. */
  get silentAtUs(): number {
    if (this.provenAtUs === 0) return Infinity;
    const { atLeastUs, atMostUs, multiple } = this.limits;
    return this.provenAtUs + Math.min(atMostUs, Math.max(atLeastUs, Math.round(this.usualUs * multiple)));
  }
}
