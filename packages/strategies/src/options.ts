import type { OpportunityKind } from '@parallax/types';

export interface TakeOptions {
  readonly account: string;
  /**
   * Which opportunities are acted on. A basis is seen but not taken: it has to be held and unwound, which is another
   * strategy's work.
   */
  readonly kinds: readonly OpportunityKind[];
  /** Smallest net edge of an opportunity that is acted on, in basis points of its notional; what is open below it is there to be seen. */
  readonly minimumEdgeBps: string;
  /** How long an intent may wait for its verdict and its send. */
  readonly validityUs: number;
  /** Rest of a pair after a refusal or a failed plan, and after a finished one. */
  readonly restAfterLossUs: number;
  readonly restAfterUs: number;
  /** No word of an intent for so long after its expiry: the pair is free again. */
  readonly silenceUs: number;
  /** What an exit may cost at most, in basis points of the plan's value; its price is that much worse than the plan's. */
  readonly exitCostBps: string;
  /** By what share of its leg a hedge may be smaller, where the other venue's steps are coarser. */
  readonly hedgeShortfall: string;
  /** Oldest quote that a hedge elsewhere may rest on. */
  readonly quoteMaximumAgeUs: number;
}

export const DEFAULT_TAKE_OPTIONS: TakeOptions = {
  account: 'paper',
  kinds: ['cross-venue'],
  minimumEdgeBps: '20',
  validityUs: 1_500_000,
  restAfterLossUs: 10_000_000,
  restAfterUs: 1_000_000,
  silenceUs: 30_000_000,
  exitCostBps: '60',
  hedgeShortfall: '0.001',
  quoteMaximumAgeUs: 2_000_000,
};
