import { isTakenFromSize, type AuditEntry, type Fill, type InstrumentTable, type PlanResult } from '@parallax/types';
import type { AlertBoard } from './alert-board.js';

/** Exposure is even again when it is so near to where it was before, as a share of the largest uneven part. */
const EVEN_SHARE = 0.05;
/** Fills that may be told twice, by the past and live. */
const KNOWN_FILLS = 20_000;
/** A plan whose end is not told for so long after its last fill is over all the same. */
const PLAN_LASTS_US = 600_000_000;

/** What one plan's newest end left: base units. */
interface Standing {
  readonly units: number;
  readonly sinceUs: number;
}

/** What stands alone in one base currency of an account, whichever venues it lies at. */
interface Uneven {
  /** Exposure before the first of the plans, without plans under way. */
  readonly level: number;
  readonly plans: Map<string, Standing>;
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
  /** How many fills of each plan were heard, and how many its newest result counts. */
  private readonly planFills = new Map<string, { heard: number; counted: number }>();
  /** The newest end of each plan that ever left something. */
  private readonly revisions = new Map<string, number>();

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly alerts: AlertBoard,
  ) {}

  onFill({ id, intentId, account, venue, symbol, side, size, price, fee, feeCurrency, atUs }: Fill): void {
    if (this.knownFills.has(id)) return;
    this.knownFills.add(id);
    if (this.knownFills.size > KNOWN_FILLS) this.knownFills.delete(this.knownFills.values().next().value!);
    const { base, units } = this.baseOf(venue, symbol, size, price);
    const key = `${account} ${base}`;
    // A fee taken out of what was traded is off a purchase, and on top of a sale.
    const amount = (side === 'buy' ? units : -units) - this.takenOf(venue, symbol, fee, feeCurrency);
    this.exposures.set(key, (this.exposures.get(key) ?? 0) + amount);
    const fills = this.fillsOf(intentId);
    // Its plan's end may be told first: what that counts is not under way any more.
    if (++fills.heard <= fills.counted) return;
    this.underWay.set(intentId, [...(this.underWay.get(intentId) ?? []), { key, amount, atUs }]);
  }

  /** The newest end of a plan counts: a late fill takes a plan up again, and what it left may be more, less or nothing then. */
  onResult(result: PlanResult): void {
    const { intentId, account, uneven, revision, fillCount, finishedAtUs } = result;
    const fills = this.fillsOf(intentId);
    fills.counted = Math.max(fills.counted, fillCount);
    const known = this.revisions.get(intentId);
    if (known !== undefined && revision <= known) return;
    if (known !== undefined || uneven !== null) this.revisions.set(intentId, revision);
    if (known !== undefined) this.over(intentId, `plan ${intentId} was taken up again and ended ${uneven ? 'with another rest' : 'even'}`, finishedAtUs);
    if (uneven === null) {
      this.underWay.delete(intentId);
      this.release(intentId);
      return;
    }
    const { venue, symbol, side, size, price } = uneven;
    const { base, units } = this.baseOf(venue, symbol, size, price);
    const key = `${account} ${base}`;
    const group = this.uneven.get(key) ?? { level: this.settled(key), plans: new Map() };
    this.underWay.delete(intentId);
    group.plans.set(intentId, { units, sinceUs: finishedAtUs });
    this.uneven.set(key, group);
    const summary = `plan ${intentId} of ${account} ${howItEnded(result)}: ${size} ${symbol} ${side === 'buy' ? 'bought' : 'sold'} at ${venue} stands alone`;
    this.alerts.set(subjectOf(intentId), 'leg', { severity: 'critical', summary }, '', finishedAtUs);
  }

  /** A person says that a plan's leg was evened where no fill tells of it. A word from before the plan's newest end is not about what that left. */
  onAudit({ action, plan, who, why, atUs }: AuditEntry): void {
    if (action !== 'evened' || plan === undefined || atUs < this.standsSinceUs(plan)) return;
    this.clear(plan, `${who} says that what plan ${plan} left standing was evened: ${why}`, atUs);
  }

  judge(nowUs: number): void {
    for (const [plan, fills] of this.underWay) if (fills.at(-1)!.atUs < nowUs - PLAN_LASTS_US) this.underWay.delete(plan);
    for (const [key, { level, plans }] of this.uneven) {
      if (Math.abs(this.settled(key) - level) > EVEN_SHARE * Math.max(...[...plans.values()].map(({ units }) => units))) continue;
      for (const plan of plans.keys()) this.clear(plan, `what plan ${plan} left standing is even again`, nowUs);
    }
  }

  private fillsOf(plan: string): { heard: number; counted: number } {
    let fills = this.planFills.get(plan);
    if (!fills) this.planFills.set(plan, (fills = { heard: 0, counted: 0 }));
    if (this.planFills.size > KNOWN_FILLS) this.planFills.delete(this.planFills.keys().next().value!);
    return fills;
  }

  private settled(key: string): number {
    let amount = this.exposures.get(key) ?? 0;
    for (const fills of this.underWay.values()) for (const fill of fills) if (fill.key === key) amount -= fill.amount;
    return amount;
  }

  /** When what the plan left came to stand alone; never where nothing does. */
  private standsSinceUs(plan: string): number {
    for (const { plans } of this.uneven.values()) {
      const standing = plans.get(plan);
      if (standing !== undefined) return standing.sinceUs;
    }
    return Number.POSITIVE_INFINITY;
  }

  private clear(plan: string, summary: string, atUs: number): void {
    if (this.release(plan)) this.over(plan, summary, atUs);
  }

  /** Whether the plan had left something. */
  private release(plan: string): boolean {
    for (const [key, { plans }] of this.uneven) {
      if (!plans.delete(plan)) continue;
      if (plans.size === 0) this.uneven.delete(key);
      return true;
    }
    return false;
  }

  private over(plan: string, summary: string, atUs: number): void {
    this.alerts.set(subjectOf(plan), 'leg', null, summary, atUs);
  }

  /** Base units that a fee took out of what was traded. */
  private takenOf(venue: string, symbol: string, fee: string, feeCurrency: string): number {
    const number = this.instruments.find(venue, symbol);
    return number >= 0 && isTakenFromSize(this.instruments.get(number), feeCurrency) ? Number(fee) : 0;
  }

  private baseOf(venue: string, symbol: string, size: string, price: string): { base: string; units: number } {
    const number = this.instruments.find(venue, symbol);
    if (number < 0) return { base: symbol.split('/')[0], units: Number(size) };
    const { base, contractSize, inverse } = this.instruments.get(number);
    const units = Number(size) * Number(contractSize);
    return { base, units: inverse ? units / Number(price) : units };
  }
}

function howItEnded({ outcome, passedOver, reason }: PlanResult): string {
  const why = [reason, ...Object.values(passedOver)].filter((part) => part).join('; ');
  if (outcome === 'held') return reason === undefined ? 'is held as planned' : `is held (${why})`;
  return `has no way out left (${why || 'none was planned'})`;
}

const subjectOf = (plan: string): string => `plan.${plan}`;
