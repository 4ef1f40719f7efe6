import { Contract, Money, ONE, sumOf, ZERO, type Holding } from '@parallax/money';
import { type FeeRate, instrumentKey, type InstrumentSpecification, type InstrumentTable, rateOf } from '@parallax/types';
import { holdingKey } from './ledger/holding-key.js';

/** A contract with the number of its instrument, the keys under which risk holds it, and its venue's taker rate. */
export class InstrumentFacts extends Contract {
  readonly key: string;
  /** Where what it is traded for, what is traded and what it settles in are held: see {@link holdingKey}. */
  readonly quoteHeld: string;
  readonly baseHeld: string;
  readonly settleHeld: string;
  /** What the venue takes of a taker's trade, and a unit together with that; 0 where that is not known. */
  readonly takerRate: Money;
  readonly takerFactor: Money;

  constructor(
    readonly number: number,
    specification: InstrumentSpecification,
    takerFees: Readonly<Record<string, FeeRate>> = {},
  ) {
    super(specification);
    const { venue, base, quote, settle } = specification;
    this.key = instrumentKey(venue, specification.symbol);
    this.quoteHeld = holdingKey(venue, quote);
    this.baseHeld = holdingKey(venue, base);
    this.settleHeld = holdingKey(venue, settle);
    this.takerRate = new Money(rateOf(takerFees[venue], specification) ?? ZERO);
    this.takerFactor = sumOf(ONE, this.takerRate);
  }

  get spot(): boolean {
    return this.specification.kind === 'spot';
  }

  /** A value with what the venue takes of a taker beside it, as far as that is known. */
  withFee(value: Money): Money {
    return this.takerRate.isZero() ? value : value.times(this.takerFactor);
  }

  /** What a holding cost in the quote currency; of an inverse contract that is its units, at whatever price. */
  heldValue({ size, cost }: Readonly<Holding>): Money {
    return this.inverse ? this.units(size) : cost;
  }
}

/** The facts of each instrument of a table, made anew when its specification is replaced. */
export class InstrumentCatalogue {
  private readonly known: InstrumentFacts[] = [];
  /** Numbers by base and quote currency, spot first, of so many instruments. */
  private readonly pairs = new Map<string, number[]>();
  private paired = 0;

  constructor(
    readonly table: InstrumentTable,
    private readonly takerFees: Readonly<Record<string, FeeRate>> = {},
  ) {}

  find(venue: string, symbol: string): InstrumentFacts | null {
    const number = this.table.find(venue, symbol);
    return number < 0 ? null : this.get(number);
  }

  /** The numbers of all instruments of one base against one quote currency, spot first. */
  ofPair(base: string, quote: string): readonly number[] {
    for (; this.paired < this.table.size; this.paired++) {
      const { kind, ...specification } = this.table.get(this.paired);
      const key = `${specification.base}|${specification.quote}`;
      const numbers = this.pairs.get(key) ?? [];
      this.pairs.set(key, kind === 'spot' ? [this.paired, ...numbers] : [...numbers, this.paired]);
    }
    return this.pairs.get(`${base}|${quote}`) ?? [];
  }

  get(number: number): InstrumentFacts {
    const specification = this.table.get(number);
    const facts = this.known[number];
    if (facts && facts.specification === specification) return facts;
    return (this.known[number] = new InstrumentFacts(number, specification, this.takerFees));
  }
}
