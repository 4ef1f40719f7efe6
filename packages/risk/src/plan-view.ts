import { type ExitKind, type Plan, scaledFromText } from '@parallax/types';
import type { InstrumentCatalogue, InstrumentFacts } from './instrument-facts.js';
import { Money, moneyFromScaled, ZERO } from './money.js';

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

function viewOf(texts: OrderTexts, role: Role, catalogue: InstrumentCatalogue): OrderView {
  const { venue, symbol, side } = texts;
  const facts = catalogue.find(venue, symbol);
  const amounts = { price: ZERO, size: ZERO, value: ZERO, base: ZERO, settled: ZERO, priceUnits: 0, sizeUnits: 0 };
  let fault: string | null = null;
  if (facts) {
    const { priceScale, sizeScale } = facts.specification;
    try {
      amounts.priceUnits = scaledFromText(texts.price, priceScale);
      amounts.sizeUnits = scaledFromText(texts.size, sizeScale);
    } catch (error) {
      fault = (error as Error).message;
    }
    if (fault === null && (amounts.priceUnits <= 0 || amounts.sizeUnits <= 0)) fault = 'price and size must be above 0';
    if (fault === null) {
      amounts.price = moneyFromScaled(amounts.priceUnits, priceScale);
      amounts.size = moneyFromScaled(amounts.sizeUnits, sizeScale);
      amounts.value = facts.value(amounts.price, amounts.size);
      amounts.base = facts.base(amounts.price, amounts.size);
      amounts.settled = facts.specification.inverse ? amounts.base : amounts.value;
    }
  }
  return { ...role, venue, symbol, side, key: facts?.key ?? `${venue}:${symbol}`, facts, fault, ...amounts };
}

/** The legs and exits of a plan; `hold` exits trade nothing and are left out of `exits`. */
export interface PlanView {
  readonly plan: Plan;
  readonly legs: readonly OrderView[];
  readonly exits: readonly OrderView[];
}

/** Reads a plan against the instruments known now. */
export function viewPlan(plan: Plan, catalogue: InstrumentCatalogue): PlanView {
  return {
    plan,
    legs: plan.legs.map((leg) =>
      viewOf(leg, { name: `leg ${leg.leg}`, leg: leg.leg, exit: null, costLimit: null, timeInForce: leg.timeInForce }, catalogue),
    ),
    exits: plan.exits
      .filter((exit) => exit.kind !== 'hold')
      .map((exit) => {
        const name = `${exit.kind} of leg ${exit.forLeg}`;
        const { kind, forLeg: leg, costLimit } = exit;
        return viewOf(exit, { name, leg, exit: kind, costLimit, timeInForce: 'IOC' }, catalogue);
      }),
  };
}
