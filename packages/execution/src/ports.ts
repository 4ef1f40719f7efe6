import type { FeeRate, Fill, Order, PlanResult, Position, VenueCancelRequest, VenueOrderRequest } from '@parallax/types';

/**
 * What the core wants done. The shell does it and tells the core how it went, by the method named at each; calls about
 * one order are carried out in the order in which they are made.
 */
export interface ExecutionSink {
  /** Append to the orders' stream under `id`; then `onStored(id)`. */
  storeOrder(id: string, order: Order): void;
  storeFill(id: string, fill: Fill): void;
  /** Hand to the venue's door; then `onPlaced`. Asked for only after the order is stored. */
  place(request: VenueOrderRequest): void;
  /** then `onCancelled` */
  cancel(request: VenueCancelRequest): void;
  /** Ask the venue for one order by our id; then `onQueried`. */
  query(venue: string, account: string, orderId: string): void;
  /** The approval's orders are safe; it need not come again. */
  acknowledge(approvalId: string): void;
  position(position: Position): void;
  /** Append to the results' stream under the intent's id: what is in it is not taken up again after a restart. */
  finished(result: PlanResult): void;
}

export interface ExecutionOptions {
  /** A request is void when it reaches the venue later than this after it was decided. */
  readonly sendValidityUs: number;
  /** Our clock and a venue's may differ by so much. */
  readonly clockMarginUs: number;
  /** First and longest wait between questions about an order whose outcome is unknown. */
  readonly queryDelayUs: number;
  readonly longestQueryDelayUs: number;
  /** How often a resting order is asked for, in case a report was lost. */
  readonly reconcileUs: number;
  /** Without a word from risk for so long, execution acts as if halted. */
  readonly riskSilenceUs: number;
  /** A quote older than this says nothing about what an exit would cost. */
  readonly quoteAgeUs: number;
  /** How long orders and plans that came to their end are remembered, for approvals and reports that come again. */
  readonly retentionUs: number;
  /** Taker rate by venue; a market without one cannot be exited to. */
  readonly takerFees: Readonly<Record<string, FeeRate>>;
  /** Decimal text by account, venue and currency. */
  readonly balances: readonly { account: string; venue: string; currency: string; amount: string }[];
}

export const DEFAULT_EXECUTION_OPTIONS: Omit<ExecutionOptions, 'takerFees' | 'balances'> = {
  sendValidityUs: 1_000_000,
  clockMarginUs: 250_000,
  queryDelayUs: 50_000,
  longestQueryDelayUs: 5_000_000,
  reconcileUs: 5_000_000,
  riskSilenceUs: 3_000_000,
  quoteAgeUs: 2_000_000,
  retentionUs: 3_600_000_000,
};
