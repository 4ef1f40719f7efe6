import { type ExitKind, instrumentKey, type Plan, scaledFromText } from '@parallax/types';
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
  readonly priceText: string;
  readonly sizeText: string;
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

type Amounts = Pick<OrderView, 'facts' | 'priceUnits' | 'sizeUnits' | 'price' | 'size' | 'value' | 'base' | 'settled' | 'fault'>;

const nothing = (facts: InstrumentFacts | null, fault: string | null): Amounts =>
  ({ facts, priceUnits: 0, sizeUnits: 0, price: ZERO, size: ZERO, value: ZERO, base: ZERO, settled: ZERO, fault });

function amountsOf(texts: OrderTexts, catalogue: InstrumentCatalogue): Amounts {
  const facts = catalogue.find(texts.venue, texts.symbol);
  if (!facts) return nothing(null, null);
  const { priceScale, sizeScale, inverse } = facts.specification;
  try {
    const priceUnits = scaledFromText(texts.price, priceScale);
    const sizeUnits = scaledFromText(texts.size, sizeScale);
    if (priceUnits <= 0 || sizeUnits <= 0) return { ...nothing(facts, 'price and size must be above 0'), priceUnits, sizeUnits };
    const price = moneyFromScaled(priceUnits, priceScale);
    const size = moneyFromScaled(sizeUnits, sizeScale);
    const value = facts.value(price, size);
    const base = facts.base(price, size);
    return { facts, priceUnits, sizeUnits, price, size, value, base, settled: inverse ? base : value, fault: null };
  } catch (error) {
    return nothing(facts, (error as Error).message);
  }
}

function viewOf(texts: OrderTexts, role: Role, catalogue: InstrumentCatalogue, legs: readonly OrderView[]): OrderView {
  const { venue, symbol, side } = texts;
  const { name, leg, exit, costLimit, timeInForce } = role;
  // Exits often repeat a leg's amounts: they are read once.
  const twin = legs.find((each) => each.venue === venue && each.symbol === symbol && each.priceText === texts.price && each.sizeText === texts.size);
  const { facts, priceUnits, sizeUnits, price, size, value, base, settled, fault } = twin ?? amountsOf(texts, catalogue);
  // One literal with every field by name: checks read these thousands of times a second, and spreads are slow.
  return {
    name, leg, exit, key: facts ? facts.key : instrumentKey(venue, symbol), venue, symbol, side, timeInForce, facts,
    priceText: texts.price, sizeText: texts.size, priceUnits, sizeUnits, price, size, value, base, settled, costLimit, fault,
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
