import type { InstrumentFacts } from '../instrument-facts.js';
import { larger, Money, ONE, ZERO } from '../money.js';
import { addTrade, emptyHolding, type Holding, type Realised } from './trade.js';

/** Sizes and values that one side of an instrument may still trade. */
export interface SideReserve {
  size: Money;
  value: Money;
  settled: Money;
}

/** One account's holding in one instrument with everything reserved on either side. */
export interface InstrumentExposure {
  facts: InstrumentFacts;
  readonly holding: Holding;
  readonly buy: SideReserve;
  readonly sell: SideReserve;
}

/** What a plan would add on both sides of one instrument. */
export interface Claims {
  readonly facts: InstrumentFacts;
  readonly buy: SideReserve;
  readonly sell: SideReserve;
}

export const emptyReserve = (): SideReserve => ({ size: ZERO, value: ZERO, settled: ZERO });

export function addReserve(reserve: SideReserve, size: Money, value: Money, settled: Money): void {
  reserve.size = reserve.size.plus(size);
  reserve.value = reserve.value.plus(value);
  reserve.settled = reserve.settled.plus(settled);
}

/**
 * The largest value that the instrument can reach whatever part of the reserves fills: the holding moves between
 * `held − sells` and `held + buys`, and a distance from zero is largest at an end. Holdings count at cost, so that the
 * same events always give the same exposure.
 */
const worst = (held: Money, buys: Money, sells: Money): Money => larger(held.plus(buys).abs(), held.minus(sells).abs());

/** Reserved and held exposure of one account, with sums per venue kept as it changes. */
export class ExposureBook {
  private readonly exposures = new Map<string, InstrumentExposure>();
  /** Worst value by `venue|quote`, collateral base by `venue|settle`, spot holds by `venue|currency`. */
  private readonly venueValues = new Map<string, Money>();
  private readonly margins = new Map<string, Money>();
  private readonly holds = new Map<string, Money>();

  get(key: string): InstrumentExposure | undefined {
    return this.exposures.get(key);
  }

  all(): IterableIterator<InstrumentExposure> {
    return this.exposures.values();
  }

  trade(facts: InstrumentFacts, size: Money, value: Money, settled: Money): Realised {
    const exposure = this.open(facts);
    this.sum(exposure, -1);
    const realised = addTrade(exposure.holding, size, value, settled, facts.specification.inverse);
    this.sum(exposure, 1);
    this.drop(exposure);
    return realised;
  }

  /** Adds to (or with negative amounts takes from) what is reserved on one side. */
  reserve(facts: InstrumentFacts, side: 'buy' | 'sell', size: Money, value: Money, settled: Money): void {
    const exposure = this.open(facts);
    this.sum(exposure, -1);
    addReserve(exposure[side], size, value, settled);
    this.sum(exposure, 1);
    this.drop(exposure);
  }

  /** Worst value of one instrument in its quote currency, with `claims` added where given. */
  worstValue(key: string, claims?: Claims): Money {
    const exposure = this.exposures.get(key);
    const held = exposure?.holding.value ?? ZERO;
    const buys = (exposure?.buy.value ?? ZERO).plus(claims?.buy.value ?? ZERO);
    const sells = (exposure?.sell.value ?? ZERO).plus(claims?.sell.value ?? ZERO);
    return worst(held, buys, sells);
  }

  /** The same in the settlement currency. */
  worstSettled(key: string, claims?: Claims): Money {
    const exposure = this.exposures.get(key);
    const held = exposure?.holding.settled ?? ZERO;
    const buys = (exposure?.buy.settled ?? ZERO).plus(claims?.buy.settled ?? ZERO);
    const sells = (exposure?.sell.settled ?? ZERO).plus(claims?.sell.settled ?? ZERO);
    return worst(held, buys, sells);
  }

  /** Worst values at a venue by quote currency. */
  *valuesAt(venue: string): IterableIterator<{ currency: string; value: Money }> {
    for (const [key, value] of this.venueValues) {
      const bar = key.indexOf('|');
      if (key.slice(0, bar) === venue) yield { currency: key.slice(bar + 1), value };
    }
  }

  venues(): string[] {
    return [...new Set([...this.venueValues.keys()].map((key) => key.slice(0, key.indexOf('|'))))].toSorted();
  }

  /** What spot orders hold of a currency at a venue, fees aside. */
  held(venue: string, currency: string): Money {
    return this.holds.get(`${venue}|${currency}`) ?? ZERO;
  }

  /** Worst settled value of all derivatives that settle in a currency at a venue. */
  margin(venue: string, currency: string): Money {
    return this.margins.get(`${venue}|${currency}`) ?? ZERO;
  }

  private open(facts: InstrumentFacts): InstrumentExposure {
    let exposure = this.exposures.get(facts.key);
    if (!exposure) {
      exposure = { facts, holding: emptyHolding(), buy: emptyReserve(), sell: emptyReserve() };
      this.exposures.set(facts.key, exposure);
    }
    return exposure;
  }

  private drop({ facts, holding, buy, sell }: InstrumentExposure): void {
    if (holding.size.isZero() && buy.size.isZero() && sell.size.isZero()) this.exposures.delete(facts.key);
  }

  private sum({ facts, holding, buy, sell }: InstrumentExposure, sign: 1 | -1): void {
    const { venue, quote, base, settle } = facts.specification;
    bump(this.venueValues, `${venue}|${quote}`, worst(holding.value, buy.value, sell.value), sign);
    if (facts.spot) {
      bump(this.holds, `${venue}|${quote}`, buy.value, sign);
      bump(this.holds, `${venue}|${base}`, facts.base(ONE, sell.size), sign);
    } else {
      bump(this.margins, `${venue}|${settle}`, worst(holding.settled, buy.settled, sell.settled), sign);
    }
  }
}

function bump(sums: Map<string, Money>, key: string, amount: Money, sign: 1 | -1): void {
  if (amount.isZero()) return;
  const sum = sign > 0 ? (sums.get(key) ?? ZERO).plus(amount) : (sums.get(key) ?? ZERO).minus(amount);
  if (sum.isZero()) sums.delete(key);
  else sums.set(key, sum);
}
