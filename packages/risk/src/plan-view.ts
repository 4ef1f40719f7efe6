import { type Money, moneyFromScaled, ZERO } from '@parallax/money';
import { type ExitKind, instrumentKey, type Plan, type PlanExit, type PlanLeg, scaledFromText } from '@parallax/types';
import type { InstrumentCatalogue, InstrumentFacts } from './instrument-facts.js';

/** The exact amounts of an order, and what is wrong with its texts. */
interface Amounts {
  readonly facts: InstrumentFacts | null;
  /** Integers at the instrument's scales; 0 when refused. */
  readonly priceUnits: number;
  readonly sizeUnits: number;
  readonly price: Money;
  readonly size: Money;
  /** In the quote currency, in base units, in the settlement currency; 0 when the instrument is unknown. */
  readonly value: Money;
  readonly base: Money;
  readonly settled: Money;
  /** Why price or size cannot be read, or null. */
  readonly fault: string | null;
}

/** A leg or exit of a plan, read once. What only a refusal tells is made when it is asked for. */
export class OrderView implements Amounts {
  readonly side: 'buy' | 'sell';
  readonly facts: InstrumentFacts | null;
  readonly priceUnits: number;
  readonly sizeUnits: number;
  readonly price: Money;
  readonly size: Money;
  readonly value: Money;
  readonly base: Money;
  readonly settled: Money;
  readonly fault: string | null;

  constructor(
    readonly order: PlanLeg | PlanExit,
    /** The leg's number; for an exit the leg for whose failure it stands. */
    readonly leg: number,
    readonly exit: ExitKind | null,
    readonly timeInForce: 'IOC' | 'GTC',
    amounts: Amounts,
  ) {
    this.side = order.side;
    this.facts = amounts.facts;
    this.priceUnits = amounts.priceUnits;
    this.sizeUnits = amounts.sizeUnits;
    this.price = amounts.price;
    this.size = amounts.size;
    this.value = amounts.value;
    this.base = amounts.base;
    this.settled = amounts.settled;
    this.fault = amounts.fault;
  }

  get name(): string {
    return this.exit === null ? `leg ${this.leg}` : `${this.exit} of leg ${this.leg}`;
  }

  get key(): string {
    return this.facts ? this.facts.key : instrumentKey(this.order.venue, this.order.symbol);
  }
}

/** Whether an order is smaller, or worth less, than its venue takes. */
export function isBelowMinimum({ facts, sizeUnits, price, size }: OrderView): boolean {
  return facts !== null && (sizeUnits < facts.specification.minimumSize || !facts.isWorthPlacing(price, size));
}

const nothing = (facts: InstrumentFacts | null, fault: string | null): Amounts =>
  ({ facts, priceUnits: 0, sizeUnits: 0, price: ZERO, size: ZERO, value: ZERO, base: ZERO, settled: ZERO, fault });

function amountsOf(order: PlanLeg | PlanExit, catalogue: InstrumentCatalogue, legs: readonly OrderView[]): Amounts {
  const facts = catalogue.find(order.venue, order.symbol);
  if (!facts) return nothing(null, null);
  const { priceScale, sizeScale, inverse } = facts.specification;
  try {
    const priceUnits = scaledFromText(order.price, priceScale);
    const sizeUnits = scaledFromText(order.size, sizeScale);
    if (priceUnits <= 0 || sizeUnits <= 0) return { ...nothing(facts, 'price and size must be above 0'), priceUnits, sizeUnits };
    const size = sizeOf(order.size, legs) ?? moneyFromScaled(sizeUnits, sizeScale);
    const price = moneyFromScaled(priceUnits, priceScale);
    const value = facts.value(price, size);
    const base = facts.base(price, size);
    return { facts, priceUnits, sizeUnits, price, size, value, base, settled: inverse ? base : value, fault: null };
  } catch (error) {
    return nothing(facts, (error as Error).message);
  }
}

/** A size that a leg has too: mostly all of them have the same. */
function sizeOf(text: string, legs: readonly OrderView[]): Money | null {
  for (const { order, fault, facts, size } of legs) if (order.size === text && facts && fault === null) return size;
  return null;
}

/** The leg at the instrument, price and size of an exit: exits often repeat a leg, and are read with it. */
function twinOf({ venue, symbol, price, size }: PlanExit, legs: readonly OrderView[]): OrderView | null {
  for (const leg of legs) {
    const { order } = leg;
    if (order.venue === venue && order.symbol === symbol && order.price === price && order.size === size) return leg;
  }
  return null;
}

/** The legs and exits of a plan; `hold` exits trade nothing and are left out of `exits`. */
export interface PlanView {
  readonly plan: Plan;
  readonly legs: readonly OrderView[];
  readonly exits: readonly OrderView[];
  /** Legs, then exits. */
  readonly orders: readonly OrderView[];
}

/** Reads a plan against the instruments known now. */
export function viewPlan(plan: Plan, catalogue: InstrumentCatalogue): PlanView {
  const orders: OrderView[] = [];
  for (const leg of plan.legs) orders.push(new OrderView(leg, leg.leg, null, leg.timeInForce, amountsOf(leg, catalogue, orders)));
  const legs = orders.slice();
  for (const exit of plan.exits) {
    if (exit.kind === 'hold') continue;
    const amounts = twinOf(exit, legs) ?? amountsOf(exit, catalogue, legs);
    orders.push(new OrderView(exit, exit.forLeg, exit.kind, 'IOC', amounts));
  }
  return { plan, legs, exits: orders.slice(legs.length), orders };
}
