import type { PlanExit, PlanLeg, Verdict } from '@parallax/types';
import fc from 'fast-check';
import type { RiskCore, RiskEvent } from '../src/index.js';
import { type LifeOrder, LifePlan, stepsOf } from './life-plan.js';
import { intentOf, leg, NOW, reverse, type World } from './support.js';

/** One price per venue, so that a plain product of sizes and prices is every cost. */
export const PRICES: Readonly<Record<string, string>> = { a: '100000.00', b: '100500.00', c: '100200.00' };
const VENUES = Object.keys(PRICES);

export interface Step {
  readonly kind: 'intent' | 'fill' | 'end' | 'exit' | 'result' | 'late' | 'wait';
  readonly buyAt: string;
  readonly sellAt: string;
  readonly hundredths: number;
  readonly pick: number;
  /** Ways out of the first leg's failure beside taking the second back: once more where it was, at the third venue. */
  readonly retried: boolean;
  readonly hedged: boolean;
}
export const steps = fc.noBias(fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('intent', 'fill', 'fill', 'end', 'end', 'end', 'exit', 'exit', 'exit', 'result', 'late', 'wait'),
    buyAt: fc.constantFrom('a', 'b', 'c'),
    sellAt: fc.constantFrom('a', 'b', 'c'),
    hundredths: fc.integer({ min: 1, max: 12 }),
    pick: fc.nat(1000),
    retried: fc.boolean(),
    hedged: fc.boolean(),
  }),
  // Long ones: a plan must fail, be put right and end.
  { minLength: 1, maxLength: 40, size: 'max' },
));

const hedge = ({ side, size }: PlanLeg, venue: string): PlanExit =>
  ({ kind: 'hedge', forLeg: 0, venue, symbol: 'BTC/USDT', side, price: PRICES[venue], size, costLimit: '10' });

/**
 * Plays random intents, fills, failures, exits, results, late fills and pauses into a world; keeps every event, and the
 * plans with plain books of their own.
 */
export class RandomLife {
  nowUs = NOW;
  readonly events: RiskEvent[] = [];
  readonly plans: LifePlan[] = [];
  private count = 0;

  constructor(
    readonly world: World,
    private readonly onVerdict: (verdict: Verdict) => void = () => {},
    /** Told before a fill of an order that lives: what it does was to be expected. */
    private readonly beforeFill: () => void = () => {},
  ) {}

  get core(): RiskCore {
    return this.world.core;
  }

  play(step: Step): void {
    if (step.kind === 'intent') this.intend(step);
    else if (step.kind === 'wait') this.nowUs += step.pick * 10_000;
    else this.move(step);
    if (this.nowUs >= this.core.wakeAtUs) this.core.onWake(this.nowUs);
  }

  /** Ends every order that still lives, and every plan. */
  finish(): void {
    for (const plan of this.plans) {
      for (const one of plan.live) this.end(plan, one);
      this.result(plan);
    }
    this.nowUs += 60_000_000;
    this.core.onWake(this.nowUs);
  }

  /** Steps that all plans may still buy or sell at a venue. */
  mayStill(venue: string, side: 'buy' | 'sell'): number {
    return this.plans.reduce((sum, plan) => sum + plan.mayStill(venue, side), 0);
  }

  /** Steps held at a venue, from nothing but the fills' texts. */
  held(venue: string): number {
    let held = 0;
    for (const event of this.events) {
      if (event.kind !== 'fill' || event.value.venue !== venue) continue;
      held += (event.value.side === 'buy' ? 1 : -1) * stepsOf(event.value.size);
    }
    return held;
  }

  private intend({ buyAt, sellAt, hundredths, retried, hedged }: Step): void {
    if (buyAt === sellAt) return;
    for (const venue of VENUES) this.world.quote(venue, 'BTC/USDT', PRICES[venue], PRICES[venue], { atUs: this.nowUs });
    const size = (hundredths / 100).toFixed(2);
    const legs = [leg(0, buyAt, 'buy', PRICES[buyAt], size), leg(1, sellAt, 'sell', PRICES[sellAt], size)];
    const third = VENUES.find((venue) => venue !== buyAt && venue !== sellAt) as string;
    const exits = [
      ...(retried ? [hedge(legs[0], buyAt)] : []), ...(hedged ? [hedge(legs[0], third)] : []),
      reverse(0, legs[1], PRICES[sellAt]), reverse(1, legs[0], PRICES[buyAt]),
    ];
    const times = { createdAtUs: this.nowUs, expiresAtUs: this.nowUs + 1_000_000 };
    const verdict = this.core.judge(intentOf(`i${this.count++}`, legs, exits, times), this.nowUs);
    this.events.push(verdict.kind === 'approved' ? { kind: 'approved', value: verdict } : { kind: 'refused', value: verdict });
    if (verdict.kind === 'approved') {
      const plan = new LifePlan(verdict, this.nowUs);
      this.plans.push(plan);
      for (const { order } of plan.orders) this.tell({ kind: 'order', value: order });
    }
    this.onVerdict(verdict);
  }

  private move({ kind, pick, hundredths }: Step): void {
    const count = hundredths * 1_000;
    const concerned = this.plans.filter((plan) => {
      if (kind === 'exit') return plan.uneven !== 0;
      if (kind === 'result') return plan.mayEnd;
      return (kind === 'late' ? plan.unfilled : plan.live).length > 0;
    });
    if (concerned.length === 0) return;
    this.nowUs += 1;
    const plan = concerned[pick % concerned.length];
    if (kind === 'result') return this.result(plan);
    if (kind === 'exit') return this.tell({ kind: 'order', value: plan.exit(pick, count, this.nowUs).order });
    const orders = kind === 'late' ? plan.unfilled : plan.live;
    const one = orders[pick % orders.length];
    if (kind === 'end') return this.end(plan, one);
    if (kind === 'fill') this.beforeFill();
    this.tell({ kind: 'fill', value: plan.fill(one, count, this.nowUs) });
    this.tell({ kind: 'order', value: one.order });
  }

  private end(plan: LifePlan, one: LifeOrder): void {
    plan.end(one, this.nowUs);
    this.tell({ kind: 'order', value: one.order });
  }

  private result(plan: LifePlan): void {
    if (plan.mayEnd) this.tell({ kind: 'result', value: plan.result(this.nowUs) });
  }

  private tell(event: RiskEvent): void {
    this.events.push(event);
    if (event.kind === 'order') this.core.onOrder(event.value, this.nowUs);
    if (event.kind === 'fill') this.core.onFill(event.value, this.nowUs);
    if (event.kind === 'result') this.core.onResult(event.value, this.nowUs);
  }
}
