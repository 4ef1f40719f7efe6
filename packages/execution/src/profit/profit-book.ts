import type { DustAmount, InstrumentSpecification, PlanResult, Profit } from '@parallax/types';
import { Lots, type LotsSnapshot } from './lots.js';
import type { Marks } from './marks.js';
import { byEnd, entryOf, isNothing, type PlanEntry } from './plan-entry.js';
import { PlanSums, type PlanSumsSnapshot } from './plan-sums.js';
import { profitOf } from './profit-of.js';

/** A book that can be written down: what is settled. Decimal text. */
export interface ProfitSnapshot {
  /** Plans that ended by then are settled. */
  readonly settledUntilUs: number;
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
 * from when they came, so that a book which is built anew says the same.
 */
export class ProfitBook {
  private readonly accounts = new Map<string, Account>();
  private readonly entries = new Map<string, PlanEntry>();
  private settledUntilUs = 0;

  /** `specificationOf` an instrument, undefined where it is not known. */
  constructor(private readonly specificationOf: (venue: string, symbol: string) => InstrumentSpecification | undefined) {}

  /** False where that is known: the result, or a later revision of it, was told before, or is settled. */
  onResult(result: PlanResult): boolean {
    const { intentId, finishedAtUs, revision } = result;
    const known = this.entries.get(intentId);
    if (known ? known.revision >= revision : finishedAtUs <= this.settledUntilUs) return false;
    const rest = result.uneven ?? result.dust;
    const entry = entryOf(result, rest ? this.specificationOf(rest.venue, rest.symbol) : undefined);
    if (!known && isNothing(entry)) return false;
    const { sums, loose } = this.accountOf(entry.account, entry.currency);
    if (known) sums.count(known, -1);
    sums.count(entry, 1);
    loose.delete(intentId);
    if (entry.lot) loose.set(intentId, entry);
    this.entries.set(intentId, entry);
    return true;
  }

  /**
   * Plans that ended by then have come to their last end, and nothing more is remembered of each. One that is under way again
   * keeps those that ended later waiting: lots are evened in the order in which plans ended.
   */
  settle(untilUs: number, underWay: (intentId: string) => boolean): void {
    const ended = [...this.entries.values()].filter(({ finishedAtUs }) => finishedAtUs <= untilUs).sort(byEnd);
    const first = ended.find(({ intentId }) => underWay(intentId));
    for (const entry of ended) {
      if (first && entry.finishedAtUs >= first.finishedAtUs) return;
      // No farther than plans ended: the clock may be ahead now, and what ends once it is right is not settled.
      this.settledUntilUs = Math.max(this.settledUntilUs, entry.finishedAtUs);
      const { settled, lots, loose } = this.accountOf(entry.account, entry.currency);
      settled.count(entry, 1);
      if (entry.lot) lots.add(entry.lot);
      loose.delete(entry.intentId);
      this.entries.delete(entry.intentId);
    }
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
      settledUntilUs: this.settledUntilUs,
      accounts: accounts.map(({ account, currency, settled, lots }) => ({ account, currency, sums: settled.toJSON(), lots: lots.toJSON() })),
    };
  }

  /** Into an empty book, before the results. */
  restore({ settledUntilUs, accounts }: ProfitSnapshot): void {
    this.settledUntilUs = settledUntilUs;
    for (const { account, currency, sums, lots } of accounts) {
      const known = { account, currency, sums: PlanSums.from(sums), settled: PlanSums.from(sums), lots: Lots.from(lots), loose: new Map() };
      this.accounts.set(keyOf(account, currency), known);
    }
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

const keyOf = (account: string, currency: string): string => `${account} ${currency}`;
