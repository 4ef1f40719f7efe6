import { Money } from '@parallax/money';
import type { HaltRecord, VenueOrder } from '@parallax/types';
import type { OrderRecord } from './order-record.js';
import type { ExecutionOptions } from './ports.js';

/** Orders of an account at a venue that are not ours, filled and over before this instance began to act. */
export interface PastStrangers {
  readonly account: string;
  readonly venue: string;
  readonly orders: number;
  /** The client id of the one that was told of last. */
  readonly lastId: string;
}

/**
 * Halts an account where its venue tells what must not be: a fill beyond an order's size, or an order of the account that is
 * not ours. Then it holds something else than its plans are decided on, and a person must look before it trades on. Each piece
 * of news is told once.
 */
export class AccountGuard {
  readonly counters = { overfills: 0, strangers: 0 };
  /** When this instance began to act, in microseconds. */
  startedAtUs = 0;
  /** By account and venue. */
  readonly past = new Map<string, PastStrangers>();
  /** How much was filled of an order when it was told of. */
  private readonly told = new Map<string, { filled: Money; atUs: number }>();

  constructor(
    private readonly options: Pick<ExecutionOptions, 'accounts' | 'retentionUs' | 'clockMarginUs'>,
    private readonly halt: (account: string, record: HaltRecord) => void,
  ) {}

  /** Looks at an order of ours after its venue told of it. */
  judge({ order, filled, overfilled }: OrderRecord, nowUs: number): void {
    if (!overfilled || !this.isNews(order.id, filled, nowUs)) return;
    this.counters.overfills++;
    this.tell(order.account, `${order.venue} filled ${filled.toFixed()} of the order ${order.id} of ${order.size} ${order.symbol}`, nowUs);
  }

  /** The same after a restart: what the account's newest halt came after need not halt it again, even if that was lifted since. */
  judgeRestored(record: OrderRecord, halt: HaltRecord | undefined, nowUs: number): void {
    const { order, filled } = record;
    if (halt && halt.atUs >= order.updatedAtUs) this.told.set(order.id, { filled, atUs: order.updatedAtUs });
    this.judge(record, nowUs);
  }

  /** Looks at an order that we do not know. */
  judgeStranger(venue: string, { account, clientId, symbol, size, status, filledSize, atUs }: VenueOrder, nowUs: number): void {
    if (!this.options.accounts.includes(account)) return;
    // What came to its end before halts nothing: at a paper venue the account may have been traded from another bus until then.
    const isPast = status !== 'open' && atUs <= this.startedAtUs;
    if (isPast && new Money(filledSize).isZero()) return;
    // Our own are forgotten when they have been at their end for so long; the venue's clock may be another.
    if (atUs <= nowUs - this.options.retentionUs + this.options.clockMarginUs) return;
    if (!this.isNews(`${isPast ? 'past ' : ''}${venue} ${clientId}`, new Money(filledSize), nowUs)) return;
    if (isPast) return this.keepPast(account, venue, clientId);
    this.counters.strangers++;
    this.tell(account, `${venue} has an order ${clientId} of ${size} ${symbol}, filled ${filledSize}, that is not ours`, nowUs);
  }

  forget(untilUs: number): void {
    for (const [key, { atUs }] of this.told) if (atUs <= untilUs) this.told.delete(key);
  }

  private keepPast(account: string, venue: string, lastId: string): void {
    const key = `${account} ${venue}`;
    this.past.set(key, { account, venue, orders: (this.past.get(key)?.orders ?? 0) + 1, lastId });
  }

  private isNews(key: string, filled: Money, atUs: number): boolean {
    const known = this.told.get(key);
    if (known && filled.lessThanOrEqualTo(known.filled)) return false;
    this.told.set(key, { filled, atUs });
    return true;
  }

  private tell(account: string, reason: string, atUs: number): void {
    this.halt(account, { halted: true, by: 'execution', reason, atUs });
  }
}
