import type { FeeRate, Fill, HaltRecord, Order, PlanResult, Position, VenueCancelRequest, VenueOrderRequest } from '@parallax/types';

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
  /**
   * Append to the results' stream under the intent's id and the revision: what is in it is not taken up again after a restart,
   * unless the plan has more fills than it counts.
   */
  finished(result: PlanResult): void;
  /** Write the halt into shared state, until it is there: the core acts on it already. It is told again through `onHalt`. */
  haltAccount(account: string, record: HaltRecord): void;
}

export interface ExecutionOptions {
  /** A request is void when it reaches the venue later than this after it was decided. */
  readonly sendValidityUs: number;
  /** Our clock and a venue's may differ by so much. */
  readonly clockMarginUs: number;
  /** First and longest wait between questions about an order whose outcome is unknown. */
  readonly queryDelayUs: number;
  readonly longestQueryDelayUs: number;
  /** An order of which its venue has said nothing for so long after it was decided is told as a trouble. */
  readonly unansweredUs: number;
  /** An order that its venue had and does not know for so long is over there. */
  readonly lostOrderUs: number;
  /** How often a resting order is asked for, in case a report was lost. */
  readonly reconcileUs: number;
  /** Without a word from risk for so long, execution acts as if halted. */
  readonly riskSilenceUs: number;
  /** A quote older than this says nothing about what an exit would cost. */
  readonly quoteAgeUs: number;
  /** A plan whose exits were all passed over or expired tries them again after so long, up to eight times that where tries are in vain, */
  readonly exitRetryUs: number;
  /** until so long has passed since its legs ended (or a late fill took it up again), */
  readonly exitPatienceUs: number;
  /**
   * or what stands alone has lost more at the market than so many times what the dearest of its exits may cost, decimal text.
   * Then it is held.
   */
  readonly exitLossLimit: string;
  /** How long orders and plans that came to their end are remembered, for approvals and reports that come again. */
  readonly retentionUs: number;
  /** Accounts whose every order is ours: one that is not halts the account. */
  readonly accounts: readonly string[];
  /** Taker rate by venue; a market without one cannot be exited to. */
  readonly takerFees: Readonly<Record<string, FeeRate>>;
  /** Decimal text by account, venue and currency. */
  readonly balances: readonly { account: string; venue: string; currency: string; amount: string }[];
}

/**
 * A minute's patience: a price that left an exit's cost limit mostly comes back within seconds or not at all, and what stands
 * alone is at the mercy of the market all the while. A venue that has an order finds it within seconds, and lets go of what ended
 * without a fill after hours: what it does not know for a minute is over. Three times what an exit may cost: with less, a move that is about to
 * turn would end the wait; with more, waiting would cost a multiple of what taking back at once had.
 */
export const DEFAULT_EXECUTION_OPTIONS: Omit<ExecutionOptions, 'accounts' | 'takerFees' | 'balances'> = {
  sendValidityUs: 1_000_000,
  clockMarginUs: 250_000,
  queryDelayUs: 50_000,
  longestQueryDelayUs: 5_000_000,
  unansweredUs: 5_000_000,
  lostOrderUs: 60_000_000,
  reconcileUs: 5_000_000,
  riskSilenceUs: 3_000_000,
  quoteAgeUs: 2_000_000,
  exitRetryUs: 250_000,
  exitPatienceUs: 60_000_000,
  exitLossLimit: '3',
  retentionUs: 3_600_000_000,
};
