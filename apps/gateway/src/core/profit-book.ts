import type { PlanResult, Position } from '@parallax/types';
import { Decimal } from 'decimal.js';
import type { ProfitView } from './views.js';

const Money = Decimal.clone({ precision: 60, toExpNeg: -40, toExpPos: 60 });
const SAMPLES = 900;
const SAMPLE_US = 1_000_000;
const KNOWN_PLANS = 100_000;

interface Sums {
  readonly account: string;
  readonly currency: string;
  readonly causes: Record<string, Decimal>;
  atUs: number;
}

/**
 * Profit after costs by account and currency, exact. Finished plans say it by cause: what the two legs earned together,
 * slippage, fees, the cost of exits; what is still held counts as neither won nor lost. Where no plan has finished,
 * what the positions realised and paid in fees stands instead.
 */
export class ProfitBook {
  /** Oldest first, at most one sample a second for each account and currency. */
  readonly history: ProfitView[] = [];
  private readonly plans = new Map<string, Sums>();
  private readonly known = new Set<string>();
  private readonly shown = new Map<string, string>();

  /** What changed; a plan told twice counts once. */
  onResult(result: PlanResult): ProfitView[] {
    const { intentId, account, currency, finishedAtUs } = result;
    if (this.known.has(intentId)) return [];
    this.known.add(intentId);
    if (this.known.size > KNOWN_PLANS) for (const oldest of this.known) { this.known.delete(oldest); break; }
    const sums = sumsIn(this.plans, account, currency);
    add(sums, { spread: result.spread, slippage: result.slippage, fees: result.fees, exits: result.exitCost }, finishedAtUs);
    return this.changed([sums]);
  }

  onPositions(positions: Iterable<Position>): ProfitView[] {
    const all = new Map<string, Sums>();
    for (const { account, currency, realised, fees, updatedAtUs } of positions) {
      if (this.plans.has(`${account} ${currency}`)) continue;
      add(sumsIn(all, account, currency), { price: realised, fees: new Money(fees).negated() }, updatedAtUs);
    }
    return this.changed([...all.values()]);
  }

  private changed(all: readonly Sums[]): ProfitView[] {
    const views = all.map(({ account, currency, causes, atUs }): ProfitView => {
      const net = Object.values(causes).reduce((sum, amount) => sum.plus(amount), new Money(0));
      const texts = Object.entries(causes).map(([cause, amount]) => [cause, amount.toFixed()]);
      return { account, currency, causes: Object.fromEntries(texts), net: net.toFixed(), atUs };
    });
    return views.filter((view) => {
      const key = `${view.account} ${view.currency}`;
      const signature = JSON.stringify([view.causes, view.net]);
      if (this.shown.get(key) === signature) return false;
      this.shown.set(key, signature);
      this.sample(view);
      return true;
    });
  }

  private sample(view: ProfitView): void {
    const at = this.history.findLastIndex(({ account, currency }) => account === view.account && currency === view.currency);
    const last = this.history[at];
    if (last && view.atUs - last.atUs < SAMPLE_US) this.history[at] = { ...view, atUs: last.atUs };
    else this.history.push(view);
    if (this.history.length > SAMPLES) this.history.shift();
  }
}

function sumsIn(all: Map<string, Sums>, account: string, currency: string): Sums {
  const key = `${account} ${currency}`;
  const sums = all.get(key) ?? { account, currency, causes: {}, atUs: 0 };
  all.set(key, sums);
  return sums;
}

function add(sums: Sums, amounts: Readonly<Record<string, Decimal.Value>>, atUs: number): void {
  for (const [cause, amount] of Object.entries(amounts)) sums.causes[cause] = (sums.causes[cause] ?? new Money(0)).plus(amount);
  sums.atUs = Math.max(sums.atUs, atUs);
}
