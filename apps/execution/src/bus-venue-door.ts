import type { Bus } from '@parallax/bus';
import type {
  CancelOutcome, OrderCursor, OrderOutcome, OrdersOutcome, PlaceOutcome, UnknownOutcome, VenueCancelRequest, VenueDoor, VenueOrder,
  VenueOrderRequest,
} from '@parallax/types';
import {
  cancelOutcomeSchema, decodeJson, encodeJson, orderOutcomeSchema, ordersOutcomeSchema, placeOutcomeSchema, subjects,
  venueOrderSchema, type VenueCall,
} from '@parallax/wire';

/** So long an answer is awaited; then the order's fate is unknown. */
const ANSWER_WITHIN_MS = 2_000;

/** The door to a venue that speaks on the bus, such as the paper venues. No answer means: unknown. */
export class BusVenueDoor implements VenueDoor {
  /** The rights on the bus let the paper venues alone answer (packages/wire, topology). */
  readonly orders = 'paper' as const;

  constructor(
    private readonly bus: Bus,
    readonly venue: string,
    private readonly timeoutMs = ANSWER_WITHIN_MS,
  ) {}

  place(request: VenueOrderRequest): Promise<PlaceOutcome> {
    return this.ask({ call: 'place', request }, (bytes) => decodeJson(placeOutcomeSchema, bytes));
  }

  cancel(request: VenueCancelRequest): Promise<CancelOutcome> {
    return this.ask({ call: 'cancel', request }, (bytes) => decodeJson(cancelOutcomeSchema, bytes));
  }

  order(account: string, clientId: string): Promise<OrderOutcome> {
    return this.ask({ call: 'order', account, clientId }, (bytes) => decodeJson(orderOutcomeSchema, bytes));
  }

  openOrders(account: string, after: OrderCursor | null): Promise<OrdersOutcome> {
    return this.ask({ call: 'openOrders', account, after }, (bytes) => decodeJson(ordersOutcomeSchema, bytes));
  }

  changedSince(account: string, sinceUs: number, after: OrderCursor | null): Promise<OrdersOutcome> {
    return this.ask({ call: 'changedSince', account, sinceUs, after }, (bytes) => decodeJson(ordersOutcomeSchema, bytes));
  }

  /** Reports that cannot be read are left: the next question brings the same facts. */
  onReport(listener: (order: VenueOrder) => void): () => void {
    const subscription = this.bus.subscribe(subjects.venueReport(this.venue), ({ bytes }) => {
      listener(decodeJson(venueOrderSchema, bytes));
    });
    return () => subscription.unsubscribe();
  }

  private async ask<Outcome>(call: VenueCall, read: (bytes: Uint8Array) => Outcome): Promise<Outcome | UnknownOutcome> {
    try {
      const answer = await this.bus.request(subjects.venueOrder(this.venue), encodeJson(call), { timeoutMs: this.timeoutMs });
      return read(answer.bytes);
    } catch (error) {
      return { kind: 'unknown', detail: (error as Error).message };
    }
  }
}
