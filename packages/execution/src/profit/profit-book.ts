import type { DustAmount, InstrumentSpecification, PlanResult, Profit } from '@parallax/types';
import { Lots, type LotsSnapshot } from './lots.js';
import type { Marks } from './marks.js';
import { byEnd, entryOf, isNothing, type PlanEntry } from './plan-entry.js';
import { PlanSums, type PlanSumsSnapshot } from './plan-sums.js';
import { profitOf } from './profit-of.js';

/** A book that can be written down: what is settled. Decimal text. */
export interface ProfitSnapshot {
  /** Results up to this number of their stream are settled; absent where an older book was written down. */
  readonly settledThrough?: number;
  /** Of an older book: plans that ended by then are settled. */
  readonly settledUntilUs?: number;
  readonly accounts: readonly { account: string; currency: string; sums: PlanSumsSnapshot; lots: LotsSnapshot }[];
}

export interface AccountDust extends DustAmount {
  readonly account: string;
}

/** What one account has in one currency. */
interface Account {
  readonly account: string;
  readonly currency: string;
  /** Of all plans. */
  readonly sums: PlanSums;
  /** Of those that are settled. */
  readonly settled: PlanSums;
  readonly lots: Lots;
  /** Plans that are not settled and left something standing alone. */
  readonly loose: Map<string, PlanEntry>;
}

/**
 * What finished plans brought, by account and currency, and what stands alone of them. A later revision of a plan replaces
 * the one before, until {@link settle} says that none can come any more. What comes out follows from the results alone, not
 * from when they came, so that a book which is built anew says the same. What is settled is known by its place in the stream of
 * results, not by its time: a clock that was ahead, and is right again, costs no result.
 */
export class ProfitBook {
  private readonly accounts = new Map<string, Account>();
  private readonly entries = new Map<string, PlanEntry>();
  private settledThrough = 0;
  /** What an older book that was restored says of itself, and the last result that was left out for it. */
  private settledUntilUs = -Infinity;
  private olderThrough = 0;

  /** `specificationOf` an instrument, undefined where it is not known. */
  constructor(private readonly specificationOf: (venue: string, symbol: string) => InstrumentSpecification | undefined) {}

  /**
   * False where that is known: the result, or a later revision of it, was told before, or is settled. `sequence` is its number
   * in the stream of results; null where it is not stored yet, see {@link onStored}.
   */
  onResult(result: PlanResult, sequence: number | null): boolean {
    const { intentId, revision } = result;
    const known = this.entries.get(intentId);
    if (known && known.revision >= revision) {
      if (sequence !== null) this.onStored(result, sequence);
      return false;
    }
    if (!known && sequence !== null && this.isSettled(result, sequence)) return false;
    const rest = result.uneven ?? result.dust;
    const entry = entryOf(result, sequence, rest ? this.specificationOf(rest.venue, rest.symbol) : undefined);
    if (!known && isNothing(entry)) return false;
    const { sums, loose } = this.accountOf(entry.account, entry.currency);
    if (known) sums.count(known, -1);
    sums.count(entry, 1);
    loose.delete(intentId);
    if (entry.lot) loose.set(intentId, entry);
    this.entries.set(intentId, entry);
    return true;
  }

  /** The stream holds the result, under that number; of two, the first answer having been lost, the later one counts. */
  onStored({ intentId, revision }: PlanResult, sequence: number): void {
    const entry = this.entries.get(intentId);
    if (entry?.revision === revision) entry.sequence = Math.max(entry.sequence ?? 0, sequence);
  }

  /**
   * Plans that ended by then have come to their last end, and nothing more is remembered of each. So have those whose results
   * were stored before theirs: a clock that was ahead keeps nothing waiting. One that is under way again keeps those that
   * were stored after it waiting, and a result whose place is not known yet all of them.
   */
  settle(untilUs: number, underWay: (intentId: string) => boolean): void {
    const past = this.past(untilUs, underWay);
    for (const entry of past.sort(byEnd)) {
      const { settled, lots, loose } = this.accountOf(entry.account, entry.currency);
      settled.count(entry, 1);
      if (entry.lot) lots.add(entry.lot);
      loose.delete(entry.intentId);
      this.entries.delete(entry.intentId);
      this.settledThrough = Math.max(this.settledThrough, entry.sequence);
    }
    if (this.settledThrough >= this.olderThrough && past.length > 0) this.settledUntilUs = -Infinity;
  }

  /** As it stands now, for each account and each currency in which it traded. */
  profits(marks: Marks, nowUs: number): Profit[] {
    return [...this.accounts.values()].filter(({ sums }) => sums.plans > 0).map(({ account, currency, sums, lots, loose }) => {
      const all = lots.copy();
      for (const { lot } of [...loose.values()].sort(byEnd)) if (lot) all.add(lot);
      return profitOf(account, currency, sums, all, marks, nowUs);
    });
  }

  /** What all plans left that was too small for an order, by account and instrument. */
  dust(): AccountDust[] {
    return [...this.accounts.values()].flatMap(({ account, sums }) => sums.dustAmounts.map((dust) => ({ account, ...dust })));
  }

  /** What is settled. The rest is in the stream of results: all of them that it still holds are told again after {@link restore}. */
  toJSON(): ProfitSnapshot {
    const accounts = [...this.accounts.values()].filter(({ settled }) => settled.plans > 0);
    return {
      settledThrough: this.settledThrough,
      ...(this.settledUntilUs === -Infinity ? {} : { settledUntilUs: this.settledUntilUs }),
      accounts: accounts.map(({ account, currency, settled, lots }) => ({ account, currency, sums: settled.toJSON(), lots: lots.toJSON() })),
    };
  }

  /** Into an empty book, before the results. */
  restore({ settledThrough = 0, settledUntilUs = -Infinity, accounts }: ProfitSnapshot): void {
    this.settledThrough = settledThrough;
    this.settledUntilUs = settledUntilUs;
    for (const { account, currency, sums, lots } of accounts) {
      const known = { account, currency, sums: PlanSums.from(sums), settled: PlanSums.from(sums), lots: Lots.from(lots), loose: new Map() };
      this.accounts.set(keyOf(account, currency), known);
    }
  }

  /** The results, from the first in their stream on, that can be settled. */
  private past(untilUs: number, underWay: (intentId: string) => boolean): StoredEntry[] {
    const stored: StoredEntry[] = [];
    for (const entry of this.entries.values()) {
      // It may stand in the stream already, and anywhere.
      if (!isStored(entry)) return [];
      stored.push(entry);
    }
    stored.sort((one, other) => one.sequence - other.sequence);
    const first = stored.findIndex(({ intentId }) => underWay(intentId));
    const free = first < 0 ? stored : stored.slice(0, first);
    return free.slice(0, free.findLastIndex(({ finishedAtUs }) => finishedAtUs <= untilUs) + 1);
  }

  private isSettled({ finishedAtUs }: PlanResult, sequence: number): boolean {
    if (sequence <= this.settledThrough) return true;
    if (finishedAtUs > this.settledUntilUs) return false;
    this.olderThrough = Math.max(this.olderThrough, sequence);
    return true;
  }

  private accountOf(account: string, currency: string): Account {
    const key = keyOf(account, currency);
    let known = this.accounts.get(key);
    if (!known) {
      known = { account, currency, sums: new PlanSums(), settled: new PlanSums(), lots: new Lots(), loose: new Map() };
      this.accounts.set(key, known);
    }
    return known;
  }
}

type StoredEntry = PlanEntry & { sequence: number };
const isStored = (entry: PlanEntry): entry is StoredEntry => entry.sequence !== null;
const keyOf = (account: string, currency: string): string => `${account} ${currency}`;
