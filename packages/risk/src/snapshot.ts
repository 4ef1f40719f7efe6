import { Money } from '@parallax/money';
import { type HaltRecord, type Fill, type Order, ParallaxError, type Verdict } from '@parallax/types';
import { carriesMark } from './approve.js';
import { claimsOf } from './claims.js';
import type { RiskCore } from './core.js';
import type { ResultNote } from './ledger/plan-record.js';
import type { ProfitSnapshot } from './ledger/profit-book.js';
import type { StrategyPositionSnapshot } from './ledger/strategy-positions.js';
import { viewPlan } from './plan-view.js';

/** The whole state as JSON, in one canonical order: equal states give equal texts. */
export interface RiskSnapshot {
  readonly version: 1;
  readonly verdicts: readonly Verdict[];
  readonly halts: readonly (readonly [scope: string, record: HaltRecord])[];
  readonly accounts: readonly AccountSnapshot[];
}
interface AccountSnapshot {
  readonly account: string;
  readonly records: readonly RecordSnapshot[];
  readonly holdings: readonly { venue: string; symbol: string; size: string; value: string; settled: string }[];
  readonly balances: Readonly<Record<string, string>>;
  readonly profit: ProfitSnapshot;
  readonly pairs: Readonly<Record<string, number>>;
  readonly positions: readonly StrategyPositionSnapshot[];
}
interface RecordSnapshot {
  readonly intentId: string;
  readonly orders: readonly Order[];
  readonly fills: readonly { id: string; orderId: string; leg: number; key: string; side: Fill['side']; size: string }[];
  readonly result: ResultNote | null;
  readonly troubledAtUs: number | null;
  readonly touchedAtUs: number;
  readonly reserved: readonly { key: string; side: string; size: string }[];
}

const by = <Item>(text: (item: Item) => string) => (a: Item, b: Item): number => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0);

/** Takes the state at `nowUs`, after letting go of what has ended by then. */
export function snapshot(core: RiskCore, nowUs: number): RiskSnapshot {
  core.onWake(nowUs);
  core.forget(nowUs);
  return {
    version: 1,
    verdicts: [...core.verdicts.all()].toSorted(by((verdict) => verdict.intent.id)),
    halts: [...core.halts.all()].toSorted(by(([scope]) => scope)),
    accounts: [...core.accounts.values()].toSorted(by((ledger) => ledger.account)).map((ledger) => ({
      account: ledger.account,
      records: [...ledger.records.values()].toSorted(by((record) => record.intentId)).map((record) => ({
        intentId: record.intentId,
        orders: [...record.orders.values()].toSorted(by((order) => order.id)),
        fills: [...record.fills]
          .map(([id, fill]) => ({ ...fill, id, size: fill.size.toFixed() }))
          .toSorted(by((fill) => fill.id)),
        result: record.result,
        troubledAtUs: Number.isFinite(record.troubledAtUs) ? record.troubledAtUs : null,
        touchedAtUs: record.touchedAtUs,
        reserved: record.standing.map(({ facts, side, size }) => ({ key: facts.key, side, size: size.toFixed() })),
      })),
      holdings: [...ledger.exposures.all()]
        .filter(({ holding }) => !holding.size.isZero())
        .map(({ facts, holding }) => ({
          venue: facts.specification.venue,
          symbol: facts.specification.symbol,
          size: holding.size.toFixed(),
          value: facts.heldValue(holding).toFixed(),
          settled: holding.cost.toFixed(),
        }))
        .toSorted(by(({ venue, symbol }) => `${venue}:${symbol}`)),
      balances: ledger.balances.toJSON(),
      profit: ledger.profit.toJSON(),
      pairs: ledger.pairs.toJSON(),
      positions: ledger.positions.toJSON(),
    })),
  };
}

/** Puts a snapshot into a fresh core whose instruments, limits and start balances are set. */
export function restore(core: RiskCore, taken: RiskSnapshot, nowUs: number): void {
  if (taken.version !== 1) throw new ParallaxError('INPUT_REFUSED', `a risk snapshot of version ${String(taken.version)} cannot be read`);
  const factsOf = (venue: string, symbol: string) => {
    const facts = core.catalogue.find(venue, symbol);
    if (!facts) throw new ParallaxError('INSTRUMENT_UNKNOWN', `the snapshot holds ${venue}:${symbol}, which is not known`);
    return facts;
  };
  for (const [scope, record] of taken.halts) core.halts.observe(scope, record, true);
  for (const verdict of taken.verdicts) {
    if (verdict.kind === 'approved' && !carriesMark(verdict)) {
      throw new ParallaxError('INPUT_REFUSED', `the approval ${verdict.id} does not follow from its intent and epoch`, { place: 'id' });
    }
    core.verdicts.add(verdict);
  }
  for (const { account, records, holdings, balances, profit, pairs, positions } of taken.accounts) {
    const ledger = core.ledger(account);
    for (const { venue, symbol, size, settled } of holdings) {
      ledger.exposures.trade(factsOf(venue, symbol), { size: new Money(size), cost: new Money(settled) });
    }
    ledger.balances.restore(balances);
    ledger.profit.restore(profit);
    ledger.pairs.restore(pairs);
    ledger.positions.restore(positions, factsOf);
    for (const saved of records) {
      const verdict = core.verdicts.get(saved.intentId);
      const approval = verdict?.kind === 'approved' ? verdict : null;
      const claims = approval ? claimsOf(viewPlan(approval.plan, core.catalogue)) : [];
      ledger.restoreRecord(saved, approval, claims, nowUs);
    }
  }
  core.onWake(nowUs);
}
