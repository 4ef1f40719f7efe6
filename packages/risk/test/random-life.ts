import type { Fill, Intent, Order, Verdict } from '@parallax/types';
import fc from 'fast-check';
import type { RiskCore, RiskEvent } from '../src/index.js';
import { fillOf, intentOf, leg, NOW, orderOf, reverse, type World } from './support.js';

/** One price per venue, so that a plain product of sizes and prices is every cost. */
export const PRICES: Readonly<Record<string, string>> = { a: '100000.00', b: '100500.00', c: '100200.00' };

export interface Step {
  readonly kind: 'intent' | 'fill' | 'end' | 'wait';
  readonly buyAt: string;
  readonly sellAt: string;
  readonly hundredths: number;
  readonly pick: number;
}
export const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('intent', 'intent', 'fill', 'fill', 'end', 'wait'),
    buyAt: fc.constantFrom('a', 'b', 'c'),
    sellAt: fc.constantFrom('a', 'b', 'c'),
    hundredths: fc.integer({ min: 1, max: 12 }),
    pick: fc.nat(1000),
  }),
  { minLength: 1, maxLength: 60 },
);

interface LiveOrder {
  order: Order;
  left: number;
}

/** Plays random intents, fills, ends and pauses into a world; keeps every event and plain books of its own. */
export class RandomLife {
  nowUs = NOW;
  readonly events: RiskEvent[] = [];
  readonly live: LiveOrder[] = [];
  readonly approvedPlans: Intent[] = [];
  private count = 0;

  constructor(
    readonly world: World,
    private readonly onVerdict: (verdict: Verdict) => void = () => {},
  ) {}

  get core(): RiskCore {
    return this.world.core;
  }

  play(step: Step): void {
    if (step.kind === 'intent') this.intend(step);
    else if (step.kind === 'wait') this.nowUs += step.pick * 10_000;
    else if (this.live.length > 0) this.move(this.live[step.pick % this.live.length], step);
    if (this.nowUs >= this.core.wakeAtUs) this.core.onWake(this.nowUs);
  }

  /** Ends every order that still lives, and lets every reservation run out. */
  finish(): void {
    for (const live of this.live.splice(0)) this.end(live);
    this.nowUs += 60_000_000;
    this.core.onWake(this.nowUs);
  }

  private intend({ buyAt, sellAt, hundredths }: Step): void {
    if (buyAt === sellAt) return;
    for (const venue of ['a', 'b', 'c']) this.world.quote(venue, 'BTC/USDT', PRICES[venue], PRICES[venue], { atUs: this.nowUs });
    const size = (hundredths / 100).toFixed(2);
    const legs = [leg(0, buyAt, 'buy', PRICES[buyAt], size), leg(1, sellAt, 'sell', PRICES[sellAt], size)];
    const exits = [reverse(0, legs[1], PRICES[sellAt]), reverse(1, legs[0], PRICES[buyAt])];
    const times = { createdAtUs: this.nowUs, expiresAtUs: this.nowUs + 1_000_000 };
    const intent = intentOf(`i${this.count++}`, legs, exits, times);
    const verdict = this.core.judge(intent, this.nowUs);
    if (verdict.kind === 'approved') {
      this.events.push({ kind: 'approved', value: verdict });
      for (const number of [0, 1]) {
        const order = orderOf({ ...intent, plan: verdict.plan }, number, { createdAtUs: this.nowUs, updatedAtUs: this.nowUs });
        this.live.push({ order, left: hundredths });
        this.tell({ kind: 'order', value: order });
      }
    } else {
      this.events.push({ kind: 'refused', value: verdict });
    }
    this.onVerdict(verdict);
  }

  private move(live: LiveOrder, step: Step): void {
    this.nowUs += 1;
    if (step.kind === 'end') {
      this.live.splice(this.live.indexOf(live), 1);
      return this.end(live);
    }
    const size = Math.min(live.left, step.hundredths);
    live.left -= size;
    const filled = (Number(live.order.filledSize) + size / 100).toFixed(2);
    const fill: Fill = fillOf(live.order, `${live.order.id}-${this.count++}`, (size / 100).toFixed(2), live.order.price, { atUs: this.nowUs });
    this.tell({ kind: 'fill', value: fill });
    const state = live.left === 0 ? 'filled' : 'partiallyFilled';
    live.order = { ...live.order, filledSize: filled, state, updatedAtUs: this.nowUs };
    if (live.left === 0) this.live.splice(this.live.indexOf(live), 1);
    this.tell({ kind: 'order', value: live.order });
  }

  private end(live: LiveOrder): void {
    this.tell({ kind: 'order', value: { ...live.order, state: 'cancelled', updatedAtUs: this.nowUs } });
  }

  private tell(event: RiskEvent): void {
    this.events.push(event);
    if (event.kind === 'order') this.core.onOrder(event.value, this.nowUs);
    if (event.kind === 'fill') this.core.onFill(event.value, this.nowUs);
  }
}
