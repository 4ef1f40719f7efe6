/** The words between a matching engine and its user: numbers only, because they pass in the hot part. */

/** What happens to the part of an order that does not match on arrival. `postOnly` refuses to match at all then. */
export const Lifetime = { goodTillCancelled: 0, immediateOrCancel: 1, postOnly: 2 } as const;
export type Lifetime = (typeof Lifetime)[keyof typeof Lifetime];

/** The side of an order: 1 buys, -1 sells. */
export type OrderSide = 1 | -1;

export const MatchRefusal = {
  /** The price is not a positive multiple of the instrument's step. */
  priceStep: 0,
  sizeStep: 1,
  belowMinimumSize: 2,
  /** A post-only order would have matched. */
  wouldMatch: 3,
  /** The book is not to be believed now, so nobody can say what the order would have met. */
  marketUnknown: 4,
  notTrading: 5,
} as const;
export type MatchRefusal = (typeof MatchRefusal)[keyof typeof MatchRefusal];
export const MATCH_REFUSAL_NAMES = [
  'PRICE_STEP', 'SIZE_STEP', 'BELOW_MINIMUM_SIZE', 'WOULD_MATCH', 'MARKET_UNKNOWN', 'NOT_TRADING',
] as const;

/** What was taken of one level; integers at the instrument's scales. */
export interface TakenLevel {
  /** The side of the orders that took: buys take asks. */
  readonly side: OrderSide;
  readonly price: number;
  readonly size: number;
  /** The level's visible size when it was taken from. */
  readonly visible: number;
}

/** Takes what happens to orders. `order` is the number that its owner gave it. */
export interface MatchSink {
  onRefused(order: number, refusal: MatchRefusal, nowUs: number): void;
  /** The order now rests with `remaining`; it may have filled in part before. */
  onResting(order: number, remaining: number, nowUs: number): void;
  /** The order's next fill comes from a visible level, of which so much is taken by now. */
  onTaken(order: number, level: TakenLevel): void;
  onFill(order: number, price: number, size: number, maker: boolean, nowUs: number): void;
  /** Filled completely; the last message about the order. */
  onFilled(order: number, nowUs: number): void;
  /** An immediate-or-cancel order's rest is gone; the last message about the order. */
  onExpired(order: number, remaining: number, nowUs: number): void;
  onCancelled(order: number, remaining: number, nowUs: number): void;
}
