/** Why money came or went; costs are negative. `evened`: what stood alone, and was traded against by another plan. */
export const PROFIT_CAUSES = ['spread', 'slippage', 'exitCost', 'fees', 'evened'] as const;
export type ProfitCause = (typeof PROFIT_CAUSES)[number];

/** What stands alone of an account's finished plans in one base currency, over all venues, at average cost. Decimal text. */
export interface OpenLot {
  readonly base: string;
  /** Base units; below 0 they were sold. */
  readonly size: string;
  /** What was paid for them, fees apart, in the profit's currency; below 0 it was received. */
  readonly cost: string;
  /** Where the last of it was traded, `okx:BTC/USDT`. */
  readonly instrument: string;
  /** The middle of a trusted, fresh quote of the same base and quote currency; null: none is known. */
  readonly mark: string | null;
  /** The instrument of that quote. */
  readonly markedBy: string | null;
  /** What it is worth at the mark; null: unknown, which is not 0. */
  readonly value: string | null;
}

/** The rest of plans that was too small for any order, by instrument; part of what stands alone. */
export interface DustAmount {
  readonly venue: string;
  readonly symbol: string;
  /** In the venue's unit; below 0 it was sold. */
  readonly size: string;
}

/** What an account's finished plans brought in one currency since the first fill; exact decimal text. */
export interface Profit {
  readonly account: string;
  readonly currency: string;
  /** Plans that traded, and their fills. Fills of plans under way are not in these amounts yet. */
  readonly plans: number;
  readonly fills: number;
  /** The venue's time of the first of these fills. */
  readonly sinceUs: number;
  readonly causes: Readonly<Record<ProfitCause, string>>;
  /** The sum of the causes: what was won or lost and does not change any more. */
  readonly realised: string;
  readonly open: readonly OpenLot[];
  /** What the open lots are worth more than they cost; null where the worth of one is unknown. */
  readonly openProfit: string | null;
  /** `realised` and `openProfit`; null where that is unknown. */
  readonly total: string | null;
  /** Cash that moved: `realised` less the cost of the open lots. */
  readonly cash: string;
  readonly dust: readonly DustAmount[];
  /** Fees taken in other currencies, by currency; costs are negative. They are in none of the sums above. */
  readonly otherFees: Readonly<Record<string, string>>;
  readonly atUs: number;
}
