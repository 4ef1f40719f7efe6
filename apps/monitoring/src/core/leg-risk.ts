import type { AuditEntry, Fill, InstrumentTable, PlanResult } from '@parallax/types';
import type { AlertBoard } from './alert-board.js';

/** Exposure is even again when it is so near to where it was before, as a share of the largest uneven part. */
const EVEN_SHARE = 0.05;
/** Fills that may be told twice, by the past and live. */
const KNOWN_FILLS = 20_000;
/** A plan whose end is not told for so long after its last fill is over all the same. */
const PLAN_LASTS_US = 600_000_000;

/** What stands alone in one base currency of an account, whichever venues it lies at. */
interface Uneven {
  /** Exposure before the first of the plans, without plans under way. */
  readonly level: number;
  readonly plans: Map<string, number>;
}

/**
 * Plans that ended with one leg standing alone (`held`, `exits-exhausted`): a risk that needs a person. Each is an alert until
 * the account's exposure to the base currency, over all venues, is back where it was before, or until a person says that it
 * was evened elsewhere. Amounts are floats: they judge, and move nothing.
 */
export class LegRisk {
  /** Signed base amounts from fills, by account and base. */
  private readonly exposures = new Map<string, number>();
  /** What the fills of plans under way bring to them: between its legs a plan is uneven by nature. */
  private readonly underWay = new Map<string, { key: string; amount: number; atUs: number }[]>();
  private readonly uneven = new Map<string, Uneven>();
  private readonly knownFills = new Set<string>();

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly alerts: AlertBoard,
  ) {}

  onFill({ id, intentId, account, venue, symbol, side, size, price, atUs }: Fill): void {
    if (this.knownFills.has(id)) return;
    this.knownFills.add(id);
    if (this.knownFills.size > KNOWN_FILLS) this.knownFills.delete(this.knownFills.values().next().value!);
    const { base, units } = this.baseOf(venue, symbol, size, price);
    const key = `${account} ${base}`;
    const amount = side === 'buy' ? units : -units;
    this.exposures.set(key, (this.exposures.get(key) ?? 0) + amount);
    this.underWay.set(intentId, [...(this.underWay.get(intentId) ?? []), { key, amount, atUs }]);
  }

  onResult({ intentId, account, outcome, uneven, passedOver, finishedAtUs }: PlanResult): void {
    if (uneven === null) {
      this.underWay.delete(intentId);
      return;
    }
    const { venue, symbol, side, size, price } = uneven;
    const { base, units } = this.baseOf(venue, symbol, size, price);
    const key = `${account} ${base}`;
    const group = this.uneven.get(key) ?? { level: this.settled(key), plans: new Map() };
    this.underWay.delete(intentId);
    if (group.plans.has(intentId)) return;
    group.plans.set(intentId, units);
    this.uneven.set(key, group);
    const why = Object.values(passedOver).join('; ');
    const how = outcome === 'held' ? 'is held as planned' : `has no way out left (${why || 'none was planned'})`;
    const summary = `plan ${intentId} of ${account} ${how}: ${size} ${symbol} ${side === 'buy' ? 'bought' : 'sold'} at ${venue} stands alone`;
    this.alerts.set(subjectOf(intentId), 'leg', { severity: 'critical', summary }, '', finishedAtUs);
  }

  /** A person says that a plan's leg was evened where no fill tells of it. */
  onAudit({ action, plan, who, why, atUs }: AuditEntry): void {
    if (action !== 'evened' || plan === undefined) return;
    for (const [key, group] of this.uneven) {
      if (!group.plans.delete(plan)) continue;
      this.over(plan, `${who} says that what plan ${plan} left standing was evened: ${why}`, atUs);
      if (group.plans.size === 0) this.uneven.delete(key);
    }
  }

  judge(nowUs: number): void {
    for (const [plan, fills] of this.underWay) if (fills.at(-1)!.atUs < nowUs - PLAN_LASTS_US) this.underWay.delete(plan);
    for (const [key, { level, plans }] of this.uneven) {
      if (Math.abs(this.settled(key) - level) > EVEN_SHARE * Math.max(...plans.values())) continue;
      for (const plan of plans.keys()) this.over(plan, `what plan ${plan} left standing is even again`, nowUs);
      this.uneven.delete(key);
    }
  }

  private settled(key: string): number {
    let amount = this.exposures.get(key) ?? 0;
    for (const fills of this.underWay.values()) for (const fill of fills) if (fill.key === key) amount -= fill.amount;
    return amount;
  }

  private over(plan: string, summary: string, atUs: number): void {
    this.alerts.set(subjectOf(plan), 'leg', null, summary, atUs);
  }

  private baseOf(venue: string, symbol: string, size: string, price: string): { base: string; units: number } {
    const number = this.instruments.find(venue, symbol);
    if (number < 0) return { base: symbol.split('/')[0], units: Number(size) };
    const { base, contractSize, inverse } = this.instruments.get(number);
    const units = Number(size) * Number(contractSize);
    return { base, units: inverse ? units / Number(price) : units };
  }
}

const subjectOf = (plan: string): string => `plan.${plan}`;
