export type PlanOutcome = 'completed' | 'nothing-filled' | 'exited' | 'held' | 'exits-exhausted';

/** The part of a leg that stands alone at the end of a plan: nothing of the other leg, and no exit, goes against it. */
export interface UnevenLeg {
  readonly venue: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  /** In the venue's unit. */
  readonly size: string;
  /** The base units that it counts as, see `held`; left out of results from before it was told. */
  readonly baseSize?: string | undefined;
  /** What it was bought or sold at, on average. */
  readonly price: string;
}

/**
 * What a finished plan brought, by cause, in its currency, exact decimal text. The causes add up to `total`, the cash that
 * moved. How inverse contracts count, whose cash is in base, stands at `causesOf` in packages/execution.
 */
export interface PlanResult {
  readonly intentId: string;
  readonly approvalId: string;
  readonly account: string;
  readonly strategy: string;
  /** 1 for a plan's first end. A fill that came later takes the plan up again: its next end replaces the one before. */
  readonly revision: number;
  /** So many fills of the plan's orders are in these amounts: a reader that knows of more waits for the next revision. */
  readonly fillCount: number;
  /** The venue's time of the first of them; left out: there is none, or the result is from before it was told. */
  readonly firstFillAtUs?: number | undefined;
  readonly outcome: PlanOutcome;
  readonly currency: string;
  /** What the matched part of the legs, which stands on both sides, earned at the plan's own prices. */
  readonly spread: string;
  /** By how much the matched part's own fills were better than the plan's prices, which bound them: never negative. */
  readonly slippage: string;
  /** Costs are negative. A fee that a venue took out of what was bought or sold is worth the price of its fill. */
  readonly fees: string;
  /** Fees taken in other currencies than the plan's, by currency; costs are negative. They are not in `total`. */
  readonly otherFees: Readonly<Record<string, string>>;
  /** Hedging against the plan's price, reversing against the price paid; fees apart. */
  readonly exitCost: string;
  /** Cash in what stands alone, at the price paid for it: neither won nor lost. 0 where `uneven` and `dust` are null, else never. */
  readonly held: string;
  readonly total: string;
  /** Why exits were passed over last, by their place in the plan. */
  readonly passedOver: Readonly<Record<number, string>>;
  /** Of `held` and `exits-exhausted`: which bound ended the search for a way out. */
  readonly reason?: string | undefined;
  /** Of `held` and `exits-exhausted`: what needs a person. Null where the plan ended even. */
  readonly uneven: UnevenLeg | null;
  /** A rest that no order at its venues can be small enough for: it counts as even. Null where there is none. */
  readonly dust: UnevenLeg | null;
  readonly finishedAtUs: number;
}
