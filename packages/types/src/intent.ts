/** What may be done when a leg of a plan fails, each bounded by a cost in the account's currency. */
export type ExitKind = 'hedge' | 'reverse' | 'hold';

export interface PlanLeg {
  /** 0, 1, …: order ids follow from the intent's id and this number. */
  readonly leg: number;
  readonly venue: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'limit';
  readonly timeInForce: 'IOC' | 'GTC';
  /** Decimal text; size in the venue's unit. */
  readonly price: string;
  readonly size: string;
}

export interface PlanExit {
  readonly kind: ExitKind;
  /** For which leg's failure this exit stands; its order would trade on `venue` and `symbol`. */
  readonly forLeg: number;
  readonly venue: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  /**
   * Of a hedge, which adds exposure that risk reserves at this price, the worst acceptable one. Of a reverse only what its
   * value is judged by at approval: it takes back what was traded, and its cost limit alone bounds it. Decimal text.
   */
  readonly price: string;
  /** Largest size of one exit order; decimal text. */
  readonly size: string;
  /**
   * What all orders of this exit together may cost, fees included: a hedge against the price of the leg that it stands in for,
   * a reverse against the average price at which the leg that it takes back was filled. Decimal text in `currency`.
   */
  readonly costLimit: string;
}

/** All that an approval covers: both legs together and every way out, in the order they are tried. */
export interface Plan {
  readonly legs: readonly PlanLeg[];
  readonly exits: readonly PlanExit[];
  readonly currency: string;
  readonly notional: string;
}

/** A strategy's wish. Nothing trades on it until risk has approved it. */
export interface Intent {
  readonly id: string;
  readonly account: string;
  readonly strategy: string;
  readonly kind: 'arbitrage';
  readonly opportunityId: string;
  readonly plan: Plan;
  readonly expectedNet: string;
  readonly createdAtUs: number;
  readonly expiresAtUs: number;
  /** When the newest frame that it rests on was received, by ingestion's clock; left out where nobody knows. */
  readonly receivedAtUs?: number | undefined;
  readonly traceparent?: string;
}

/**
 * Why a strategy let an open opportunity pass: it trades no such kind, or its pair has a plan under way, or rests after one, or
 * another pair's plan takes the same side of one of its books, or its net edge is below the minimum at this moment.
 */
export type PassedReason = 'kind-not-traded' | 'pair-busy' | 'pair-resting' | 'side-busy' | 'edge-below-minimum';

/** A strategy's word that it leaves an opportunity alone, for now. */
export interface Passed {
  readonly opportunityId: string;
  readonly account: string;
  readonly strategy: string;
  readonly reason: PassedReason;
  readonly atUs: number;
}
