import type { OrdersKind } from './health.js';

/**
 * The one impure door per venue through which orders leave: paper, simulated and live venues stand behind the same port.
 * Nothing before it knows the mode. A door never throws and never guesses: what it cannot know it calls unknown.
 */
export interface VenueDoor {
  readonly venue: string;
  /** What becomes of orders here: for people, nothing decides by it. */
  readonly orders: OrdersKind;
  place(request: VenueOrderRequest): Promise<PlaceOutcome>;
  cancel(request: VenueCancelRequest): Promise<CancelOutcome>;
  /** One order by our id, with all its fills. */
  order(account: string, clientId: string): Promise<OrderOutcome>;
  /** A page of the account's open orders, those after the cursor `after`; null: from the first. */
  openOrders(account: string, after: OrderCursor | null): Promise<OrdersOutcome>;
  /** A page of the account's orders that filled or closed at or after `sinceUs`, venue clock; for reconciliation. */
  changedSince(account: string, sinceUs: number, after: OrderCursor | null): Promise<OrdersOutcome>;
  /** The venue's own word on an order that changed; may come twice, late or not at all. Returns the way to stop. */
  onReport(listener: (order: VenueOrder) => void): () => void;
}

/**
 * The epoch of a lease. It is a revision of shared state, so it means nothing beside an epoch of another bus: who compares
 * two, compares `grantedBy` first.
 */
export interface LeaseEpoch {
  readonly epoch: number;
  /** Identity of the bus whose shared state granted it. */
  readonly grantedBy: string;
}

/**
 * Price and size as decimal text, size in the venue's unit. It carries its sender's lease epoch: one that is lower than one
 * seen before, or that another bus granted, is refused.
 */
export interface VenueOrderRequest extends LeaseEpoch {
  readonly account: string;
  /** Our order id; the venue answers a repeated one with the order it already has. */
  readonly clientId: string;
  readonly venue: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'limit';
  readonly timeInForce: 'IOC' | 'GTC';
  readonly postOnly: boolean;
  readonly price: string;
  readonly size: string;
  /** The venue must refuse the request when it arrives later than this: a lost one cannot come alive afterwards. */
  readonly validUntilUs: number;
}

export interface VenueCancelRequest extends LeaseEpoch {
  readonly account: string;
  readonly clientId: string;
  readonly venue: string;
  readonly symbol: string;
}

export type VenueOrderStatus = 'open' | 'filled' | 'cancelled' | 'expired' | 'rejected';

/** An order as its venue knows it, with every fill so far: one message says all, so a lost one costs nothing. */
export interface VenueOrder {
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
  readonly status: VenueOrderStatus;
  readonly filledSize: string;
  readonly fills: readonly VenueFill[];
  readonly reason: string | null;
  readonly atUs: number;
}

export interface VenueFill {
  /** The venue's trade id, unique at the venue. */
  readonly tradeId: string;
  readonly price: string;
  readonly size: string;
  readonly fee: string;
  readonly feeCurrency: string;
  readonly liquidity: 'maker' | 'taker';
  readonly atUs: number;
}

/** `unknown`: it may have happened; ask by client id before anything else. */
export interface UnknownOutcome {
  readonly kind: 'unknown';
  readonly detail: string;
}
/** The venue refused, nothing happened. `code` is the venue's own. */
export interface RefusedOutcome {
  readonly kind: 'rejected';
  readonly code: string;
  readonly detail: string;
}
export type PlaceOutcome = { readonly kind: 'accepted'; readonly order: VenueOrder } | RefusedOutcome | UnknownOutcome;
export type CancelOutcome =
  | { readonly kind: 'cancelled'; readonly order: VenueOrder }
  | { readonly kind: 'notFound' }
  | RefusedOutcome
  | UnknownOutcome;
export type OrderOutcome =
  | { readonly kind: 'found'; readonly order: VenueOrder }
  | { readonly kind: 'notFound' }
  | UnknownOutcome;
/**
 * A place in the order of (`atUs`, `clientId`), in which a door tells orders. It holds across changes, restarts and instances of
 * the venue: an order that changes while pages are asked for moves to a later place, so it may come twice and is never left out.
 */
export interface OrderCursor {
  readonly atUs: number;
  readonly clientId: string;
}
/** `next`: the cursor after which the following page begins; null where there is none. */
export type OrdersOutcome =
  | { readonly kind: 'found'; readonly orders: readonly VenueOrder[]; readonly next: OrderCursor | null }
  | UnknownOutcome;
