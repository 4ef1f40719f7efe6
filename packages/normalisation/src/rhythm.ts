import { ageUs } from '@parallax/types';

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
  /** Of the newest proof, by the clock of the machine that received it. */
  provenAtUs = 0;
  private usualUs = 0;
  /** The newest proof that was looked at, and when the silence after it began by the clock of who looks. */
  private lookedAtProofUs = 0;
  private sinceUs = 0;

  constructor(private readonly limits: SilenceLimits = SILENCE_LIMITS) {}

  prove(nowUs: number): void {
    if (this.provenAtUs !== 0) {
      const distance = nowUs - this.provenAtUs;
      this.usualUs = this.usualUs === 0 ? distance : this.usualUs + (distance - this.usualUs) * NEWEST;
    }
    this.provenAtUs = nowUs;
  }

  /**
   * Whether the symbol has been silent for too long; to be asked again and again. The silence that follows a proof from the
   * future begins when it is first seen: received by a machine whose clock is an hour ahead, it would count for an hour.
   */
  isSilent(nowUs: number): boolean {
    if (this.provenAtUs === 0) return false;
    const { atLeastUs, atMostUs, multiple } = this.limits;
    if (this.provenAtUs !== this.lookedAtProofUs) {
      this.lookedAtProofUs = this.provenAtUs;
      this.sinceUs = ageUs(this.provenAtUs, nowUs) === null ? nowUs : this.provenAtUs;
    }
    return nowUs >= this.sinceUs + Math.min(atMostUs, Math.max(atLeastUs, Math.round(this.usualUs * multiple)));
  }
}
