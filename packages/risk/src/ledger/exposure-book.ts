import { addTrade, compare, differenceOf, emptyHolding, exceeds, larger, Money, ONE, sumOf, ZERO, type Holding } from '@parallax/money';
import type { InstrumentFacts } from '../instrument-facts.js';

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
  /** What stands in the sums for this instrument. */
  readonly summed: { value: Money; buyValue: Money; sellSize: Money; settled: Money };
}

/** What a plan would add on both sides of one instrument. */
export interface Claims {
  readonly facts: InstrumentFacts;
  buy: Readonly<SideReserve>;
  sell: Readonly<SideReserve>;
}

const emptyReserve = (): SideReserve => ({ size: ZERO, value: ZERO, settled: ZERO });

function addReserve(reserve: SideReserve, { size, value, settled }: Readonly<SideReserve>): void {
  // Linear instruments settle in their quote: one amount serves for both.
  const same = settled === value && reserve.settled === reserve.value;
  reserve.size = sumOf(reserve.size, size);
  reserve.value = sumOf(reserve.value, value);
  reserve.settled = same ? reserve.value : sumOf(reserve.settled, settled);
}

function takeReserve(reserve: SideReserve, { size, value, settled }: Readonly<SideReserve>): void {
  const same = settled === value && reserve.settled === reserve.value;
  reserve.size = differenceOf(reserve.size, size);
  reserve.value = differenceOf(reserve.value, value);
  reserve.settled = same ? reserve.value : differenceOf(reserve.settled, settled);
}

/**
 * The largest value that the instrument can reach whatever part of the reserves fills: the holding moves between
 * `held − sells` and `held + buys`, and a distance from zero is largest at an end. Holdings count at cost, so that the
 * same events always give the same exposure.
 */
function worst(held: Money, buys: Money, sells: Money): Money {
  if (held.isZero()) return larger(buys, sells);
  return held.isNegative() ? furthest(held.negated(), sells, buys) : furthest(held, buys, sells);
}

/** The same for a distance from zero, the reserves that lead on and those that lead back: these count where they pass zero. */
function furthest(distance: Money, onward: Money, back: Money): Money {
  const end = sumOf(distance, onward);
  return exceeds(back, end) ? larger(end, differenceOf(back, distance)) : end;
}

const NO_VALUES: ReadonlyMap<string, Money> = new Map();

/** Reserved and held exposure of one account, with sums per venue kept as it changes. */
export class ExposureBook {
  private readonly exposures = new Map<string, InstrumentExposure>();
  /** Worst value by venue and quote currency. */
  private readonly venueValues = new Map<string, Map<string, Money>>();
  /** Collateral base and spot holds by {@link holdingKey}. */
  private readonly margins = new Map<string, Money>();
  private readonly holds = new Map<string, Money>();

  get(key: string): InstrumentExposure | undefined {
    return this.exposures.get(key);
  }

  all(): IterableIterator<InstrumentExposure> {
    return this.exposures.values();
  }

  /** Books a trade, in the venue's unit and the settlement currency; returns what it realised there. */
  trade(facts: InstrumentFacts, trade: Readonly<Holding>): Money {
    const exposure = this.open(facts);
    const realised = addTrade(exposure.holding, trade, facts.inverse);
    this.sum(exposure);
    return realised;
  }

  /** Adds an amount to what is reserved on one side. */
  reserve(facts: InstrumentFacts, side: 'buy' | 'sell', amount: Readonly<SideReserve>): void {
    const exposure = this.open(facts);
    addReserve(exposure[side], amount);
    this.sum(exposure);
  }

  /** Takes back an amount that was reserved. */
  release(facts: InstrumentFacts, side: 'buy' | 'sell', amount: Readonly<SideReserve>): void {
    const exposure = this.open(facts);
    takeReserve(exposure[side], amount);
    this.sum(exposure);
  }

  /** Worst value of one instrument in its quote currency, with `claims` added where given. */
  worstValue(key: string, claims?: Claims): Money {
    const exposure = this.exposures.get(key);
    if (!exposure) return claims ? larger(claims.buy.value, claims.sell.value) : ZERO;
    const { facts, holding, buy, sell, summed } = exposure;
    return claims ? worst(facts.heldValue(holding), sumOf(buy.value, claims.buy.value), sumOf(sell.value, claims.sell.value)) : summed.value;
  }

  /** The same in the settlement currency. */
  worstSettled(key: string, claims?: Claims): Money {
    const exposure = this.exposures.get(key);
    if (!exposure) return claims ? larger(claims.buy.settled, claims.sell.settled) : ZERO;
    const { holding, buy, sell } = exposure;
    if (!claims) return worst(holding.cost, buy.settled, sell.settled);
    return worst(holding.cost, sumOf(buy.settled, claims.buy.settled), sumOf(sell.settled, claims.sell.settled));
  }

  /** Worst values at a venue by quote currency. */
  valuesAt(venue: string): ReadonlyMap<string, Money> {
    return this.venueValues.get(venue) ?? NO_VALUES;
  }

  venues(): string[] {
    return [...this.venueValues.keys()].filter((venue) => this.valuesAt(venue).size > 0).toSorted();
  }

  /** What spot orders hold of a currency at a venue ({@link holdingKey}), purchases with the fee that the venue takes of them. */
  held(key: string): Money {
    return this.holds.get(key) ?? ZERO;
  }

  /** Worst settled value of all derivatives that settle in a currency at a venue ({@link holdingKey}). */
  margin(key: string): Money {
    return this.margins.get(key) ?? ZERO;
  }

  private open(facts: InstrumentFacts): InstrumentExposure {
    let exposure = this.exposures.get(facts.key);
    if (!exposure) {
      exposure = { facts, holding: emptyHolding(), buy: emptyReserve(), sell: emptyReserve(), summed: { value: ZERO, buyValue: ZERO, sellSize: ZERO, settled: ZERO } };
      this.exposures.set(facts.key, exposure);
    }
    return exposure;
  }

  /** Brings the sums up to what the instrument stands for now. */
  private sum({ facts, holding, buy, sell, summed }: InstrumentExposure): void {
    const { venue, quote } = facts.specification;
    const value = worst(facts.heldValue(holding), buy.value, sell.value);
    let atVenue = this.venueValues.get(venue);
    if (!atVenue) this.venueValues.set(venue, (atVenue = new Map()));
    change(atVenue, quote, summed.value, value);
    summed.value = value;
    if (facts.spot) {
      if (summed.buyValue !== buy.value) change(this.holds, facts.quoteHeld, facts.withFee(summed.buyValue), facts.withFee(buy.value));
      if (summed.sellSize !== sell.size) {
        change(this.holds, facts.baseHeld, facts.base(ONE, summed.sellSize), facts.base(ONE, sell.size));
      }
      summed.buyValue = buy.value;
      summed.sellSize = sell.size;
    } else {
      const settled = worst(holding.cost, buy.settled, sell.settled);
      change(this.margins, facts.settleHeld, summed.settled, settled);
      summed.settled = settled;
    }
    if (holding.size.isZero() && buy.size.isZero() && sell.size.isZero()) this.exposures.delete(facts.key);
  }
}

function change(sums: Map<string, Money>, key: string, from: Money, to: Money): void {
  if (compare(from, to) === 0) return;
  const sum = sumOf(sums.get(key) ?? ZERO, differenceOf(to, from));
  if (sum.isZero()) sums.delete(key);
  else sums.set(key, sum);
}
