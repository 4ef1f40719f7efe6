/** What a finished plan brought, by cause, in its currency, decimal text. */
export interface PlanResult {
  readonly intentId: string;
  readonly approvalId: string;
  readonly account: string;
  readonly strategy: string;
  /** How it ended, in the word of execution. */
  readonly outcome: string;
  readonly currency: string;
  /** What the matched part of the legs earned at the plan's own prices. */
  readonly spread: string;
  readonly slippage: string;
  /** Costs are negative. */
  readonly fees: string;
  readonly exitCost: string;
  /** Cash in what is still held: neither won nor lost. */
  readonly held: string;
  readonly total: string;
  readonly finishedAtUs: number;
}
