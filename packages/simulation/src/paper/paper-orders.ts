import { ParallaxError, type OrderCursor } from '@parallax/types';
import type { JournalRecord } from './journal.js';
import { PaperOrder } from './paper-order.js';
import { numberOf } from './shorten-journal.js';

/** So long a closed order is answered for: who was away asks what became of it. */
export const KEEP_CLOSED_US = 86_400_000_000;

type OrderRecord = Exclude<JournalRecord, { kind: 'epoch' | 'taken' }>;

/** The orders of a paper venue: what is open, and what closed within a day. */
export class PaperOrders {
  /** The number of the next order, and of the last trade. */
  nextNumber = 0;
  lastTrade = 0;
  private readonly byNumber = new Map<number, PaperOrder>();
  private readonly opened = new Set<PaperOrder>();
  private readonly byClientId = new Map<string, PaperOrder>();
  /** By time and client id, the order of pages. */
  private readonly closed: PaperOrder[] = [];

  constructor(private readonly venue: string) {}

  get(number: number): PaperOrder {
    return this.byNumber.get(number)!;
  }

  find(account: string, clientId: string): PaperOrder | undefined {
    return this.byClientId.get(keyOf(account, clientId));
  }

  /** Known by its number alone, as long as it may still be refused. */
  propose(order: PaperOrder): void {
    this.byNumber.set(order.number, order);
  }

  withdraw(order: PaperOrder): void {
    this.byNumber.delete(order.number);
  }

  accept(order: PaperOrder): void {
    this.nextNumber = Math.max(this.nextNumber, order.number + 1);
    this.byNumber.set(order.number, order);
    this.byClientId.set(keyOf(order.request.account, order.request.clientId), order);
    if (order.status === 'open') this.opened.add(order);
  }

  close(order: PaperOrder, { status, reason, atUs }: Pick<PaperOrder, 'status' | 'reason' | 'atUs'>): void {
    order.status = status;
    order.reason = reason;
    order.atUs = atUs;
    this.opened.delete(order);
    // At the end, but for orders of one moment, and after a step back of the clock.
    if (this.closed.length === 0 || isBefore(this.closed.at(-1)!, order)) this.closed.push(order);
    else this.closed.splice(this.placeAfter(order), 0, order);
  }

  *open(): Iterable<PaperOrder> {
    // An order that closes meanwhile takes itself out, which a set allows.
    yield* this.opened;
  }

  /** The open orders of an account after a cursor, by time and client id. */
  resting(account: string, after: OrderCursor | null): PaperOrder[] {
    const found: PaperOrder[] = [];
    for (const order of this.opened) if (order.request.account === account && (after === null || isBefore(after, order))) found.push(order);
    return found.toSorted((left, right) => (isBefore(left, right) ? -1 : 1));
  }

  /** What filled or closed at or after `sinceUs`, after a cursor, by time and client id; lazy, so that a page costs a page. */
  *changed(account: string, sinceUs: number, after: OrderCursor | null): Iterable<PaperOrder> {
    const from = after !== null && after.atUs >= sinceUs ? after : { atUs: sinceUs, clientId: '' };
    const resting = this.resting(account, from).filter(({ fills }) => fills.length > 0);
    let next = 0;
    for (let at = this.placeAfter(from); at < this.closed.length; at++) {
      const order = this.closed[at];
      if (order.request.account !== account) continue;
      while (next < resting.length && isBefore(resting[next], order)) yield resting[next++];
      yield order;
    }
    yield* resting.slice(next);
  }

  /** Lets go of orders that closed long ago; who asks for one by then is told that there is none, as at many venues. */
  forget(nowUs: number): void {
    while (this.closed.length > 0 && this.closed[0].atUs <= nowUs - KEEP_CLOSED_US) {
      const { number, request } = this.closed.shift()!;
      this.byNumber.delete(number);
      this.byClientId.delete(keyOf(request.account, request.clientId));
    }
  }

  /** Takes back what a journal holds, oldest first. @throws ParallaxError `STORE_FAILED` for what does not fit. */
  restore(record: OrderRecord): void {
    if (record.kind === 'shortened') {
      this.nextNumber = record.nextOrder;
      this.lastTrade = record.lastTrade;
    } else if (record.kind === 'accepted') {
      this.accept(new PaperOrder(numberOf(record.venueOrderId), this.venue, record.request, record.atUs));
    } else if (record.kind === 'fill') {
      this.recorded(record.order).take(record.fill);
      this.lastTrade = Math.max(this.lastTrade, numberOf(record.fill.tradeId));
    } else if (record.kind === 'closed') this.close(this.recorded(record.order), record);
    else throw new ParallaxError('STORE_FAILED', `the journal holds "${(record as { kind: string }).kind}", which this version cannot read`);
  }

  /** Where among the closed orders those after a cursor begin. */
  private placeAfter(cursor: OrderCursor): number {
    let [low, high] = [0, this.closed.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(cursor, this.closed[middle])) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private recorded(venueOrderId: string): PaperOrder {
    const order = this.byNumber.get(numberOf(venueOrderId));
    if (order) return order;
    throw new ParallaxError('STORE_FAILED', `the journal tells of the order ${venueOrderId}, and not that it was accepted`);
  }
}

/** Whether the first comes before the second on pages. */
function isBefore(first: OrderCursor, second: OrderCursor): boolean {
  return first.atUs < second.atUs || (first.atUs === second.atUs && first.clientId < second.clientId);
}

function keyOf(account: string, clientId: string): string {
  return `${account} ${clientId}`;
}
