/**
 * created: decided and stored; it is sent at once. sending: the venue has not answered and is asked for it.
 * open and partiallyFilled rest at the venue; cancelling waits for the venue's word. The last four are final.
 */
export type OrderState =
  | 'created' | 'sending' | 'open' | 'partiallyFilled' | 'cancelling'
  | 'filled' | 'cancelled' | 'rejected' | 'expired';
export const FINAL_ORDER_STATES: readonly OrderState[] = ['filled', 'cancelled', 'rejected', 'expired'];
export type OrderPurpose = 'leg' | 'hedge' | 'reverse';

/** Prices and sizes are decimal text; size in the venue's unit. */
export interface Order {
  /** Follows from the intent's id and the leg, so that a message delivered twice places one order. */
  readonly id: string;
  readonly intentId: string;
  readonly approvalId: string;
  readonly leg: number;
  readonly purpose: OrderPurpose;
  readonly account: string;
  readonly strategy: string;
  readonly venue: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'limit';
  readonly timeInForce: 'IOC' | 'GTC';
  readonly price: string;
  readonly size: string;
  readonly filledSize: string;
  readonly averagePrice: string | null;
  readonly state: OrderState;
  readonly venueOrderId: string | null;
  readonly reason: string | null;
  readonly createdAtUs: number;
  readonly updatedAtUs: number;
  readonly traceparent?: string;
}

export interface Fill {
  /** The venue's trade id made unique with its order, so that a fill told twice counts once. */
  readonly id: string;
  readonly orderId: string;
  readonly intentId: string;
  /** Of an exit: the leg for whose failure it stands. */
  readonly leg: number;
  /** What its order was for; left out of fills from before it was told. */
  readonly purpose?: OrderPurpose | undefined;
  readonly account: string;
  readonly strategy: string;
  readonly venue: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
  readonly fee: string;
  readonly feeCurrency: string;
  readonly liquidity: 'maker' | 'taker';
  /** The venue's time; where that lies before the order was made or after we heard of the fill, the nearer of both. */
  readonly atUs: number;
  readonly traceparent?: string;
}

/** A position of one account and strategy in one instrument; sizes signed, decimal text. */
export interface Position {
  readonly account: string;
  readonly strategy: string;
  readonly venue: string;
  readonly symbol: string;
  readonly size: string;
  readonly averagePrice: string | null;
  readonly realised: string;
  readonly fees: string;
  readonly currency: string;
  readonly updatedAtUs: number;
}

/** The kill switch as it stands in shared state. */
export interface HaltRecord {
  readonly halted: boolean;
  readonly by: string;
  readonly reason: string;
  readonly atUs: number;
}
