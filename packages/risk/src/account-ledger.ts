import { Money, movedSize, quotedFee, signOf } from '@parallax/money';
import type { Approved, Fill, Order, PlanResult, Refused } from '@parallax/types';
import type { Claim } from './claims.js';
import type { InstrumentCatalogue, InstrumentFacts } from './instrument-facts.js';
import { Balances } from './ledger/balances.js';
import { DueQueue } from './ledger/due-queue.js';
import { ExposureBook } from './ledger/exposure-book.js';
import { outstandingOf } from './ledger/outstanding.js';
import { Pairs } from './ledger/pairs.js';
import { PlanRecord, type ResultNote } from './ledger/plan-record.js';
import { ProfitBook } from './ledger/profit-book.js';
import { StrategyPositions } from './ledger/strategy-positions.js';

/** Refusals for these reasons say nothing about the pair, or would keep its pause alive for ever. */
const NO_TROUBLE = new Set(['COOLDOWN', 'DUPLICATE', 'EXPIRED', 'HALTED', 'RISK_STATE_UNKNOWN']);

/** All that risk knows of one account: reservations, positions, balances and profit, from events alone. */
export class AccountLedger {
  readonly exposures = new ExposureBook();
  readonly profit = new ProfitBook();
  readonly balances = new Balances();
  readonly pairs = new Pairs();
  readonly positions = new StrategyPositions();
  readonly records = new Map<string, PlanRecord>();
  /** Records that time alone may still change. */
  private readonly due = new DueQueue<PlanRecord>();

  constructor(
    readonly account: string,
    readonly catalogue: InstrumentCatalogue,
    readonly graceUs: () => number,
  ) {}

  factsOf(key: string): InstrumentFacts | null {
    const colon = key.indexOf(':');
    return this.catalogue.find(key.slice(0, colon), key.slice(colon + 1));
  }

  /** `isStored`: it is of the stream, of which execution carries out the first; what was judged here and is not stored gives way to it. */
  approved(approval: Approved, claims: readonly Claim[], nowUs: number, isStored = false): void {
    const record = this.record(approval.intent.id);
    if (record.approval && (record.isStored || !isStored)) return;
    record.isStored = isStored;
    if (record.approval?.id === approval.id) return;
    record.takeApproval(approval, claims);
    this.refresh(record, nowUs);
  }

  /** The approval was never told: nothing is reserved for it. */
  retract(intentId: string, nowUs: number): void {
    const record = this.records.get(intentId);
    if (!record) return;
    record.approval = null;
    this.refresh(record, nowUs);
  }

  refused(refused: Refused): void {
    if (refused.refusals.some(({ code }) => NO_TROUBLE.has(code))) return;
    this.pairs.trouble(refused.intent.plan, refused.atUs);
  }

  order(order: Order, nowUs: number): void {
    const record = this.record(order.intentId);
    record.takeOrder(order);
    this.refresh(record, nowUs);
  }

  /** Counts a fill once, however often it is told. */
  fill(fill: Fill, facts: InstrumentFacts, nowUs: number): void {
    const record = this.record(fill.intentId);
    if (record.fills.has(fill.id)) return;
    record.takeFill(fill);
    if (this.bookFill(fill, facts).isNegative()) record.trouble(fill.atUs);
    this.refresh(record, nowUs);
  }

  /** The plan came to its end, for now: see {@link PlanRecord.ended}. */
  result(result: PlanResult, nowUs: number): void {
    const record = this.record(result.intentId);
    record.takeResult(result);
    this.refresh(record, nowUs);
  }

  private bookFill(fill: Fill, facts: InstrumentFacts): Money {
    const { venue, base, quote, settle } = facts.specification;
    const sign = signOf(fill.side);
    const price = new Money(fill.price);
    const traded = new Money(fill.size).times(sign);
    const moved = movedSize(facts, fill).times(sign);
    const trade = { size: moved, cost: facts.settled(price, moved) };

    const realised = this.exposures.trade(facts, trade);
    this.positions.fill(fill, facts, trade);
    if (facts.spot) {
      this.balances.change(venue, quote, facts.value(price, traded).negated());
      this.balances.change(venue, base, facts.base(price, traded));
    } else {
      this.balances.change(venue, settle, realised);
    }
    this.balances.change(venue, fill.feeCurrency, new Money(fill.fee).negated());
    // A fee in base units is worth what was just paid for them; any other currency keeps its own ledger.
    const fee = quotedFee(facts, fill);
    if (fee) this.profit.add(quote, fee.negated(), fill.atUs);
    else this.profit.add(fill.feeCurrency, new Money(fill.fee).negated(), fill.atUs);
    return this.profit.trade(facts.key, base, quote, { size: facts.base(price, moved), cost: facts.value(price, moved) }, fill.atUs);
  }

  /** When a reservation may next fall due; never later than it does. */
  get wakeAtUs(): number {
    return this.due.nextAtUs;
  }

  advance(nowUs: number): void {
    this.profit.advance(nowUs);
    for (let record = this.due.take(nowUs); record; record = this.due.take(nowUs)) {
      record.queuedAtUs = Infinity;
      this.refresh(record, nowUs);
    }
  }

  /** Forgets plans that reserve nothing and have been quiet since `untilUs`. */
  forget(untilUs: number): void {
    for (const [id, record] of this.records) {
      if (record.standing.length === 0 && !record.live && record.touchedAtUs <= untilUs) this.records.delete(id);
    }
    this.pairs.forget(untilUs);
  }

  /** Puts back a record of a snapshot; positions and profit of its fills are restored apart. */
  restoreRecord(saved: SavedRecord, approval: Approved | null, claims: readonly Claim[], nowUs: number): void {
    const record = this.record(saved.intentId);
    if (approval) record.takeApproval(approval, claims);
    for (const order of saved.orders) record.takeOrder(order);
    for (const { id, size, ...note } of saved.fills) record.fills.set(id, { ...note, size: new Money(size) });
    record.result = saved.result;
    if (saved.troubledAtUs !== null) record.trouble(saved.troubledAtUs);
    record.touchedAtUs = saved.touchedAtUs;
    this.refresh(record, nowUs);
  }

  private record(intentId: string): PlanRecord {
    let record = this.records.get(intentId);
    if (!record) this.records.set(intentId, (record = new PlanRecord(intentId)));
    return record;
  }

  /** Replaces what the record reserves by what it should reserve now. */
  refresh(record: PlanRecord, nowUs: number): void {
    const next = outstandingOf(record, nowUs >= record.deadlineUs(this.graceUs()));
    for (const claim of record.standing) this.exposures.release(claim.facts, claim.side, claim);
    for (const claim of next) this.exposures.reserve(claim.facts, claim.side, claim);
    record.standing = next;
    if (record.approval && Number.isFinite(record.troubledAtUs)) this.pairs.trouble(record.approval.plan, record.troubledAtUs);
    if (record.approval === null) return;
    const deadlineUs = record.deadlineUs(this.graceUs());
    // One entry per record is enough: the first that comes due looks at the deadline as it stands then.
    if (nowUs >= deadlineUs || next.length === 0 || record.queuedAtUs <= deadlineUs) return;
    record.queuedAtUs = deadlineUs;
    this.due.add(deadlineUs, record);
  }
}

interface SavedRecord {
  readonly intentId: string;
  readonly orders: readonly Order[];
  readonly fills: readonly { id: string; orderId: string; leg: number; key: string; side: Fill['side']; size: string }[];
  readonly result: ResultNote | null;
  readonly troubledAtUs: number | null;
  readonly touchedAtUs: number;
}
