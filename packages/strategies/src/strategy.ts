import type { Counters, Fill, Intent, Opportunity, Order, Passed, QuoteCore, RegimeEvent, WakingCore } from '@parallax/types';

/**
 * Who decides. A strategy hears the market, what detectors saw, and what became of its own intents; it answers with
 * intents. It never trades: risk allows, execution does.
 */
export interface Strategy extends QuoteCore, WakingCore {
  /** Stands in every intent, order, fill and position that follows from it. */
  readonly name: string;
  readonly counters: Counters;
  onOpportunity(opportunity: Opportunity, nowUs: number): void;
  /** Risk refused, or execution finished, the intent; `lost` when it cost money or failed. */
  onOutcome(intentId: string, outcome: 'refused' | 'finished', lost: boolean, nowUs: number): void;
  /**
   * For strategies that follow the market's state, or their own orders while these are under way. A regime holds at the event's time:
   * one that is not told again is unknown, never calm. Nobody hands them on yet; risk judges by them, whatever a strategy makes of them.
   */
  onRegime?(event: RegimeEvent, nowUs: number): void;
  onOrder?(order: Order, nowUs: number): void;
  onFill?(fill: Fill, nowUs: number): void;
}

export interface StrategySink {
  onIntent(intent: Intent): void;
  /** Told when the reason changes, not at every update of the opportunity. */
  onPassed(passed: Passed): void;
}
