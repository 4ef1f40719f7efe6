import { isTakenFromSize, ParallaxError, type Fill, type InstrumentSpecification, type InstrumentTable, type Position } from '@parallax/types';
import { Money, movedSize, signOf, ZERO } from './money.js';

interface Holding {
  readonly account: string;
  readonly strategy: string;
  readonly specification: InstrumentSpecification;
  size: Money;
  /** Value of the position at its average price: quote units, or base units for inverse contracts. */
  cost: Money;
  realised: Money;
  fees: Money;
  updatedAtUs: number;
}

/** What a ledger holds, decimal text. Balances are what fills made of them, deposits apart. */
export interface LedgerSnapshot {
  readonly holdings: readonly {
    account: string; strategy: string; venue: string; symbol: string; size: string; cost: string; realised: string; fees: string; updatedAtUs: number;
  }[];
  readonly balances: readonly { account: string; venue: string; currency: string; amount: string }[];
}

/** Positions by average cost, and balances, from fills alone; a fill told twice counts once. */
export class Ledger {
  private readonly holdings = new Map<string, Holding>();
  private readonly balances = new Map<string, Money>();
  /** The part of balances that fills made. */
  private readonly changes = new Map<string, { account: string; venue: string; currency: string; amount: Money }>();
  private readonly known = new Set<string>();

  deposit(account: string, venue: string, currency: string, amount: string): void {
    this.add(keyOf(account, venue, currency), new Money(amount));
  }

  toJSON(): LedgerSnapshot {
    const holdings = [...this.holdings.values()].map(({ account, strategy, specification: { venue, symbol }, size, cost, realised, fees, updatedAtUs }) => ({
      account, strategy, venue, symbol, size: size.toFixed(), cost: cost.toFixed(), realised: realised.toFixed(), fees: fees.toFixed(), updatedAtUs,
    }));
    return { holdings, balances: [...this.changes.values()].map(({ amount, ...of }) => ({ ...of, amount: amount.toFixed() })) };
  }

  /**
   * Takes up what a ledger held, beside deposits.
   * @throws ParallaxError `INSTRUMENT_UNKNOWN` for a position in an instrument that the table has not, with nothing taken up.
   */
  restore({ holdings, balances }: LedgerSnapshot, instruments: InstrumentTable): void {
    const known = holdings.map((holding) => {
      const number = instruments.find(holding.venue, holding.symbol);
      if (number < 0) throw new ParallaxError('INSTRUMENT_UNKNOWN', `a position is in ${holding.venue}:${holding.symbol}, which is not known`);
      return { holding, specification: instruments.get(number) };
    });
    for (const { holding: { account, strategy, venue, symbol, size, cost, realised, fees, updatedAtUs }, specification } of known) {
      this.holdings.set(keyOf(account, strategy, venue, symbol), {
        account, strategy, specification, size: new Money(size), cost: new Money(cost), realised: new Money(realised), fees: new Money(fees), updatedAtUs,
      });
    }
    for (const { account, venue, currency, amount } of balances) this.move(account, venue, currency, new Money(amount));
  }

  /** False when the fill was known. */
  apply(fill: Fill, specification: InstrumentSpecification): boolean {
    if (this.known.has(fill.id)) return false;
    this.known.add(fill.id);
    const holding = this.holdingOf(fill, specification);
    const sign = signOf(fill.side);
    const [price, size] = [new Money(fill.price), new Money(fill.size)];
    const moved = movedSize(specification, fill);
    const realised = this.trade(holding, moved.times(sign), settleValue(specification, price, moved));
    // A fee taken in what is traded is worth the fill's price.
    if (isTakenFromSize(specification, fill.feeCurrency)) holding.fees = holding.fees.plus(price.times(fill.fee));
    else if (fill.feeCurrency === specification.settle) holding.fees = holding.fees.plus(fill.fee);
    holding.updatedAtUs = Math.max(holding.updatedAtUs, fill.atUs);
    if (specification.kind === 'spot') {
      this.move(fill.account, fill.venue, specification.base, size.times(specification.contractSize).times(sign));
      this.move(fill.account, fill.venue, specification.quote, settleValue(specification, price, size).times(-sign));
    } else {
      this.move(fill.account, fill.venue, specification.settle, realised);
    }
    this.move(fill.account, fill.venue, fill.feeCurrency, new Money(fill.fee).negated());
    return true;
  }

  /** The fill is in what was restored, and may be told again. */
  know(fillId: string): void {
    this.known.add(fillId);
  }

  /** The fill will not be told again. */
  forget(fillId: string): void {
    this.known.delete(fillId);
  }

  position(account: string, strategy: string, venue: string, symbol: string): Position | null {
    const holding = this.holdings.get(keyOf(account, strategy, venue, symbol));
    return holding ? positionOf(holding) : null;
  }

  positions(): Position[] {
    return [...this.holdings.values()].map(positionOf);
  }

  /** Signed size of an account in one instrument over all its strategies. */
  exposure(account: string, venue: string, symbol: string): Money {
    let sum = ZERO;
    for (const { account: owner, specification, size } of this.holdings.values()) {
      if (owner === account && specification.venue === venue && specification.symbol === symbol) sum = sum.plus(size);
    }
    return sum;
  }

  balance(account: string, venue: string, currency: string): string {
    return (this.balances.get(keyOf(account, venue, currency)) ?? ZERO).toFixed();
  }

  /** Books a signed size; returns what closing a part of the position realised, in the settlement currency. */
  private trade(holding: Holding, signed: Money, value: Money): Money {
    const opens = holding.size.isZero() || holding.size.isNegative() === signed.isNegative();
    if (opens) {
      holding.size = holding.size.plus(signed);
      holding.cost = holding.cost.plus(value);
      return ZERO;
    }
    const closed = Money.min(holding.size.abs(), signed.abs());
    const closedCost = closed.equals(holding.size.abs()) ? holding.cost : holding.cost.times(closed).div(holding.size.abs());
    const closedValue = value.times(closed).div(signed.abs());
    // A long linear position earns value out less cost in; short or inverse turn the sign, both turn it back.
    const gain = closedValue.minus(closedCost).times(holding.size.isNegative() === holding.specification.inverse ? 1 : -1);
    holding.realised = holding.realised.plus(gain);
    const flipped = signed.abs().greaterThan(holding.size.abs());
    holding.size = holding.size.plus(signed);
    holding.cost = flipped ? value.minus(closedValue) : holding.cost.minus(closedCost);
    return gain;
  }

  private holdingOf(fill: Fill, specification: InstrumentSpecification): Holding {
    const key = keyOf(fill.account, fill.strategy, fill.venue, fill.symbol);
    let holding = this.holdings.get(key);
    if (!holding) {
      const { account, strategy } = fill;
      holding = { account, strategy, specification, size: ZERO, cost: ZERO, realised: ZERO, fees: ZERO, updatedAtUs: 0 };
      this.holdings.set(key, holding);
    }
    return holding;
  }

  private move(account: string, venue: string, currency: string, amount: Money): void {
    const key = keyOf(account, venue, currency);
    this.add(key, amount);
    this.changes.set(key, { account, venue, currency, amount: amount.plus(this.changes.get(key)?.amount ?? ZERO) });
  }

  private add(key: string, amount: Money): void {
    this.balances.set(key, (this.balances.get(key) ?? ZERO).plus(amount));
  }
}

function settleValue(specification: InstrumentSpecification, price: Money, size: Money): Money {
  const units = size.times(specification.contractSize);
  return specification.inverse ? units.div(price) : units.times(price);
}

function positionOf({ account, strategy, specification, size, cost, realised, fees, updatedAtUs }: Holding): Position {
  const units = size.abs().times(specification.contractSize);
  const average = size.isZero() ? null : specification.inverse ? units.div(cost) : cost.div(units);
  return {
    account, strategy, venue: specification.venue, symbol: specification.symbol, size: size.toFixed(),
    averagePrice: average?.toDecimalPlaces(18).toFixed() ?? null, realised: realised.toDecimalPlaces(18).toFixed(),
    fees: fees.toFixed(), currency: specification.settle, updatedAtUs,
  };
}

function keyOf(...parts: string[]): string {
  return parts.join(' ');
}
