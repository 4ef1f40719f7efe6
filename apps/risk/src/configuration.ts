import type { ServiceContext, WriterMode } from '@parallax/runtime';
import { DEFAULT_LIMITS, type RiskLimits, validateLimits } from '@parallax/risk';
import type { FeeRate } from '@parallax/types';

/** One account: what it may do, and what it owned before its first fill. */
export interface AccountConfiguration {
  readonly account: string;
  /** Replace the defaults until limits stand in shared state, which then count. */
  readonly limits?: Partial<RiskLimits>;
  readonly balances: readonly { readonly venue: string; readonly currency: string; readonly amount: string }[];
}

export interface RiskConfiguration {
  /** Taker rates by venue. */
  readonly takerFees: Readonly<Record<string, FeeRate>>;
  readonly accounts: readonly AccountConfiguration[];
  /** How often risk says that it lives. */
  readonly aliveEveryMs: number;
  /** How often what is past is saved. */
  readonly checkpointEveryMs: number;
  /** How long verdicts and closed plans are remembered, in microseconds. */
  readonly retentionUs: number;
  /**
   * `shared`: one of several instances judges, by a lease in shared state. `alone`: this is the only one, with a fixed
   * epoch and the configured limits, whatever stands in shared state; for replays, whose time is not the machine's.
   */
  readonly writer: WriterMode;
}

export const DEFAULT_RISK_CONFIGURATION: RiskConfiguration = { takerFees: {}, accounts: [], aliveEveryMs: 250, checkpointEveryMs: 60_000, retentionUs: 86_400_000_000, writer: 'shared' };

/** @throws ParallaxError `INPUT_REFUSED` with the limit that is wrong. */
export const limitsOf = (account: AccountConfiguration): RiskLimits => validateLimits(account.limits ?? {}, DEFAULT_LIMITS);

export interface RiskDependencies extends ServiceContext {
  readonly configuration: RiskConfiguration;
}
