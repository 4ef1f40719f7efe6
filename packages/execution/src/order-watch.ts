import type { LeaseEpoch } from '@parallax/types';
import type { OrderKeeper } from './order-keeper.js';
import type { OrderRecord } from './order-record.js';
import type { Permission } from './permission.js';
import type { ExecutionOptions, ExecutionSink } from './ports.js';

/** Follows orders at their venues: asks for those whose fate is not known, and cancels those that may not rest. */
export class OrderWatch {
  constructor(
    private readonly options: ExecutionOptions,
    private readonly orders: OrderKeeper,
    private readonly permission: Permission,
    private readonly sink: Pick<ExecutionSink, 'query' | 'cancel'>,
    private readonly lease: LeaseEpoch,
  ) {}

  /** Asks for an order now, unless a question is under way, and again soon; that it is asked for shows in the stream. */
  ask(record: OrderRecord, nowUs: number): void {
    if (record.stored !== record.order) this.orders.store(record);
    this.askSoon(record, nowUs);
    if (record.queriedAtUs !== 0 && nowUs - record.queriedAtUs < this.options.longestQueryDelayUs) return;
    record.queriedAtUs = nowUs;
    this.sink.query(record.order.venue, record.order.account, record.order.id);
  }

  /** Sets the next question, each later than the last. */
  askSoon(record: OrderRecord, nowUs: number): void {
    const delayUs = this.options.queryDelayUs * 2 ** Math.min(record.queries++, 20);
    record.queryAtUs = nowUs + Math.min(delayUs, this.options.longestQueryDelayUs);
  }

  /**
   * Cancels what rests where trading is halted, legs that outlived their approval, and what should never have rested.
   * `expiryOf` says until when an intent's approval holds.
   */
  cancelWhatMayNotRest(nowUs: number, expiryOf: (intentId: string) => number): void {
    for (const record of this.orders.open()) {
      const { state, account, purpose, intentId, timeInForce } = record.order;
      if (state !== 'open' && state !== 'partiallyFilled') continue;
      const expired = purpose === 'leg' && nowUs >= expiryOf(intentId);
      const overdue = timeInForce === 'IOC' && nowUs > record.validUntilUs + this.options.clockMarginUs;
      const refusal = expired
        ? 'the approval expired'
        : overdue ? 'an immediate-or-cancel order may not rest' : this.permission.refusalFor(account, nowUs);
      if (refusal === null) continue;
      this.orders.move(record, 'requestCancel', nowUs, refusal);
      this.orders.store(record);
      this.sendCancel(record);
      this.askSoon(record, nowUs);
    }
  }

  sendCancel({ order }: OrderRecord): void {
    const { account, id, venue, symbol } = order;
    this.sink.cancel({ account, clientId: id, venue, symbol, ...this.lease });
  }
}
