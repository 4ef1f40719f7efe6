import type { Clock, VenueDoor, VenueOrder, VenueOrderRequest } from '@parallax/types';

const AWAY = { kind: 'unknown' as const, detail: 'nobody listens' };
const unused = () => Promise.resolve({ kind: 'unknown' as const, detail: 'not asked for here' });

/** A venue behind a door: it fills whatever comes, at once and whole, and knows its orders longer than who sent them lives. */
export class TestVenue {
  readonly orders = new Map<string, VenueOrder>();
  /** The client ids of what was sent, in order. */
  readonly placed: string[] = [];
  /** What happens to an order in place of a fill; the door answers nothing while this gives null. */
  answer: (request: VenueOrderRequest) => Partial<VenueOrder> | null = () => ({});
  /** How often it was asked for an order. */
  questions = 0;
  /** It refuses whatever comes, so. */
  refusal: { readonly code: string; readonly detail: string } | null = null;
  /** Nobody answers behind the door. */
  away = false;
  private readonly listeners = new Set<(order: VenueOrder) => void>();
  private trades = 0;

  constructor(
    readonly venue: string,
    private readonly clock: Clock,
    private readonly onPlaced: (clientId: string) => void,
  ) {}

  /** An order as the venue tells it, filled unless `changes` say otherwise. */
  orderOf(request: Pick<VenueOrder, 'clientId' | 'account' | 'symbol' | 'side' | 'price' | 'size'>, changes: Partial<VenueOrder> = {}): VenueOrder {
    const { clientId, account, symbol, side, price, size } = request;
    return {
      clientId, account, symbol, side, price, size, venueOrderId: 'v', status: 'filled', filledSize: size, fills: [this.fillOf(price, size)],
      reason: null, atUs: this.clock.nowUs(), ...changes,
    };
  }

  fillOf(price: string, size: string): VenueOrder['fills'][number] {
    return { tradeId: `${this.venue}-${++this.trades}`, price, size, fee: '0.1', feeCurrency: 'USDT', liquidity: 'taker', atUs: this.clock.nowUs() };
  }

  /** The order changes at the venue, and whoever listens is told. */
  tell(order: VenueOrder): void {
    this.orders.set(order.clientId, order);
    for (const listener of this.listeners) listener(order);
  }

  door(): VenueDoor {
    return {
      venue: this.venue, orders: 'paper', cancel: unused,
      openOrders: (account) => Promise.resolve(this.away ? AWAY : {
        kind: 'found', next: null, orders: [...this.orders.values()].filter((order) => order.account === account && order.status === 'open'),
      }),
      onReport: (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
      changedSince: (account, sinceUs) => Promise.resolve({
        kind: 'found', next: null, orders: [...this.orders.values()].filter((order) => order.account === account && order.atUs >= sinceUs),
      }),
      order: (_account, clientId) => {
        const order = this.orders.get(clientId);
        // Not that of the watch at the door, which is for no order.
        if (order) this.questions++;
        if (this.away) return Promise.resolve(AWAY);
        return Promise.resolve(order ? { kind: 'found', order } : { kind: 'notFound' });
      },
      place: (request) => {
        if (this.away) return Promise.resolve(AWAY);
        if (this.refusal) return Promise.resolve({ kind: 'rejected', ...this.refusal });
        this.placed.push(request.clientId);
        this.onPlaced(request.clientId);
        const changes = this.answer(request);
        const order = this.orderOf(request, changes ?? {});
        this.orders.set(order.clientId, order);
        return changes === null ? new Promise(() => {}) : Promise.resolve({ kind: 'accepted', order });
      },
    };
  }
}
