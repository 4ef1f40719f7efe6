import { type ExitKind, type Plan, scaledFromText } from '@parallax/types';
import type { InstrumentCatalogue, InstrumentFacts } from './instrument-facts.js';
import { type Money, moneyFromScaled, ZERO } from './money.js';

/** A leg or exit of a plan, read once: its instrument, exact amounts, and what is wrong with its texts. */
export interface OrderView {
  readonly name: string;
  /** The leg's number; for an exit the leg for whose failure it stands. */
  readonly leg: number;
  readonly exit: ExitKind | null;
  readonly key: string;
  readonly venue: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly timeInForce: 'IOC' | 'GTC';
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
  /** Decimal text of an exit's cost limit. */
  readonly costLimit: string | null;
  /** Why price or size cannot be read, or null. */
  readonly fault: string | null;
}

interface OrderTexts {
  readonly venue: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
}
interface Role {
  readonly name: string;
  readonly leg: number;
  readonly exit: ExitKind | null;
  readonly costLimit: string | null;
  readonly timeInForce: 'IOC' | 'GTC';
}

const NONE: readonly OrderView[] = [];

function viewOf(texts: OrderTexts, role: Role, catalogue: InstrumentCatalogue, legs: readonly OrderView[]): OrderView {
  const { venue, symbol, side } = texts;
  const { name, leg, exit, costLimit, timeInForce } = role;
  const facts = catalogue.find(venue, symbol);
  let priceUnits = 0;
  let sizeUnits = 0;
  let fault: string | null = null;
  if (facts) {
    try {
      priceUnits = scaledFromText(texts.price, facts.specification.priceScale);
      sizeUnits = scaledFromText(texts.size, facts.specification.sizeScale);
      if (priceUnits <= 0 || sizeUnits <= 0) fault = 'price and size must be above 0';
    } catch (error) {
      fault = (error as Error).message;
    }
  }
  const readable = facts !== null && fault === null;
  const same = readable ? legs.find((each) => each.facts === facts && each.priceUnits === priceUnits && each.sizeUnits === sizeUnits) : undefined;
  const price = same ? same.price : readable ? moneyFromScaled(priceUnits, facts.specification.priceScale) : ZERO;
  const size = same ? same.size : readable ? moneyFromScaled(sizeUnits, facts.specification.sizeScale) : ZERO;
  const value = same ? same.value : readable ? facts.value(price, size) : ZERO;
  const base = same ? same.base : readable ? facts.base(price, size) : ZERO;
  const settled = facts?.specification.inverse ? base : value;
  // Exits often repeat a leg's amounts. One literal with every field by name: checks read these thousands of times a second, and spreads are slow.
  return {
    name, leg, exit, key: facts ? facts.key : `${venue}:${symbol}`, venue, symbol, side, timeInForce, facts, priceUnits, sizeUnits,
    price, size, value, base, settled, costLimit, fault,
  };
}

/** The legs and exits of a plan; `hold` exits trade nothing and are left out of `exits`. */
export interface PlanView {
  readonly plan: Plan;
  readonly legs: readonly OrderView[];
  readonly exits: readonly OrderView[];
}

/** Reads a plan against the instruments known now. */
export function viewPlan(plan: Plan, catalogue: InstrumentCatalogue): PlanView {
  const legs = plan.legs.map((leg) =>
    viewOf(leg, { name: `leg ${leg.leg}`, leg: leg.leg, exit: null, costLimit: null, timeInForce: leg.timeInForce }, catalogue, NONE),
  );
  const exits: OrderView[] = [];
  for (const exit of plan.exits) {
    const { kind, forLeg, costLimit } = exit;
    if (kind === 'hold') continue;
    const role: Role = { name: `${kind} of leg ${forLeg}`, leg: forLeg, exit: kind, costLimit, timeInForce: 'IOC' };
    exits.push(viewOf(exit, role, catalogue, legs));
  }
  return { plan, legs, exits };
}
