import { addTrade, averagePriceOf, contractOf, emptyHolding, Money, movedSize, moneyText, settledFee, signOf, toldText, ZERO, type Contract, type Holding } from '@parallax/money';
import { ParallaxError, type Fill, type InstrumentSpecification, type InstrumentTable, type Position } from '@parallax/types';

interface Entry {
  readonly account: string;
  readonly strategy: string;
  readonly contract: Contract;
  readonly holding: Holding;
  realised: Money;
  fees: Money;
  updatedAtUs: number;
}

/** What a ledger holds, decimal text; `cost` is without its sign. Balances are what fills made of them, deposits apart. */
export interface LedgerSnapshot {
  readonly holdings: readonly {
    account: string; strategy: string; venue: string; symbol: string; size: string; cost: string; realised: string; fees: string; updatedAtUs: number;
  }[];
  readonly balances: readonly { account: string; venue: string; currency: string; amount: string }[];
}

/** Positions by average cost, and balances, from fills alone; a fill told twice counts once. */
export class Ledger {
  private readonly entries = new Map<string, Entry>();
  private readonly balances = new Map<string, Money>();
  /** The part of balances that fills made. */
  private readonly changes = new Map<string, { account: string; venue: string; currency: string; amount: Money }>();
  private readonly known = new Set<string>();

  deposit(account: string, venue: string, currency: string, amount: string): void {
    this.add(keyOf(account, venue, currency), new Money(amount));
  }

  toJSON(): LedgerSnapshot {
    const holdings = [...this.entries.values()].map(({ account, strategy, contract, holding: { size, cost }, realised, fees, updatedAtUs }) => ({
      account, strategy, venue: contract.specification.venue, symbol: contract.specification.symbol, size: moneyText(size), cost: moneyText(cost.abs()),
      realised: moneyText(realised), fees: moneyText(fees), updatedAtUs,
    }));
    return { holdings, balances: [...this.changes.values()].map(({ amount, ...of }) => ({ ...of, amount: moneyText(amount) })) };
  }

  /**
   * Takes up what a ledger held, beside deposits.
   * @throws ParallaxError `INSTRUMENT_UNKNOWN` for a position in an instrument that the table has not, with nothing taken up.
   */
  restore({ holdings, balances }: LedgerSnapshot, instruments: InstrumentTable): void {
    const known = holdings.map((holding) => {
      const number = instruments.find(holding.venue, holding.symbol);
      if (number < 0) throw new ParallaxError('INSTRUMENT_UNKNOWN', `a position is in ${holding.venue}:${holding.symbol}, which is not known`);
      return { holding, contract: contractOf(instruments.get(number)) };
    });
    for (const { holding: { account, strategy, venue, symbol, size, cost, realised, fees, updatedAtUs }, contract } of known) {
      const signed = new Money(size);
      this.entries.set(keyOf(account, strategy, venue, symbol), {
        account, strategy, contract, holding: { size: signed, cost: new Money(cost).times(signed.isNegative() ? -1 : 1) },
        realised: new Money(realised), fees: new Money(fees), updatedAtUs,
      });
    }
    for (const { account, venue, currency, amount } of balances) this.move(account, venue, currency, new Money(amount));
  }

  /** False when the fill was known. */
  apply(fill: Fill, specification: InstrumentSpecification): boolean {
    if (this.known.has(fill.id)) return false;
    this.known.add(fill.id);
    const contract = contractOf(specification);
    const entry = this.entryOf(fill, contract);
    const sign = signOf(fill.side);
    const [price, size] = [new Money(fill.price), new Money(fill.size).times(sign)];
    const moved = movedSize(contract, fill).times(sign);
    const realised = addTrade(entry.holding, { size: moved, cost: contract.settled(price, moved) }, specification.inverse);
    entry.realised = entry.realised.plus(realised);
    entry.fees = entry.fees.plus(settledFee(contract, fill) ?? ZERO);
    entry.updatedAtUs = Math.max(entry.updatedAtUs, fill.atUs);
    if (specification.kind === 'spot') {
      this.move(fill.account, fill.venue, specification.base, contract.base(price, size));
      this.move(fill.account, fill.venue, specification.quote, contract.value(price, size).negated());
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
    const entry = this.entries.get(keyOf(account, strategy, venue, symbol));
    return entry ? positionOf(entry) : null;
  }

  positions(): Position[] {
    return [...this.entries.values()].map(positionOf);
  }

  /** Signed size of an account in one instrument over all its strategies. */
  exposure(account: string, venue: string, symbol: string): Money {
    let sum = ZERO;
    for (const { account: owner, contract: { specification }, holding } of this.entries.values()) {
      if (owner === account && specification.venue === venue && specification.symbol === symbol) sum = sum.plus(holding.size);
    }
    return sum;
  }

  balance(account: string, venue: string, currency: string): string {
    return moneyText(this.balances.get(keyOf(account, venue, currency)) ?? ZERO);
  }

  private entryOf(fill: Fill, contract: Contract): Entry {
    const key = keyOf(fill.account, fill.strategy, fill.venue, fill.symbol);
    let entry = this.entries.get(key);
    if (!entry) {
      const { account, strategy } = fill;
      entry = { account, strategy, contract, holding: emptyHolding(), realised: ZERO, fees: ZERO, updatedAtUs: 0 };
      this.entries.set(key, entry);
    }
    return entry;
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

function positionOf({ account, strategy, contract, holding, realised, fees, updatedAtUs }: Entry): Position {
  const { venue, symbol, settle } = contract.specification;
  const average = averagePriceOf(contract, holding);
  return {
    account, strategy, venue, symbol, size: moneyText(holding.size), averagePrice: average && toldText(average),
    realised: toldText(realised), fees: moneyText(fees), currency: settle, updatedAtUs,
  };
}

function keyOf(...parts: string[]): string {
  return parts.join(' ');
}
