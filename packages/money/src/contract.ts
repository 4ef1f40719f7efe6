import type { InstrumentSpecification } from '@parallax/types';
import { exceeds } from './comparing.js';
import { Money, ONE } from './decimal.js';
import { quotient } from './rounding.js';

/**
 * What sizes of an instrument are worth. A size counts contracts, each of `contractSize` units: base units of spot and of linear
 * contracts, quote units of inverse ones. Sources: OKX's `ctVal` and `ctValCcy`, Binance COIN-M's `contractSize` in USD; an
 * inverse contract is worth contracts × contractSize ÷ price in its base currency, in which it settles.
 *
 * | | spot, linear | inverse |
 * |---|---|---|
 * | base units | units | units ÷ price |
 * | quote currency | units × price | units |
 * | settlement currency | units × price | units ÷ price |
 *
 * Divisions are rounded as rounding.ts says.
 */
export class Contract {
  readonly inverse: boolean;
  readonly contractSize: Money;
  /** Smallest worth of an order in the settlement currency; 0 where the venue has none. */
  readonly minimumNotional: Money;
  /** Contract size 1 needs no multiplication: all of spot. */
  private readonly plain: boolean;

  constructor(readonly specification: InstrumentSpecification) {
    this.inverse = specification.inverse;
    this.contractSize = new Money(specification.contractSize);
    this.minimumNotional = new Money(specification.minimumNotional);
    this.plain = this.contractSize.eq(ONE);
  }

  /** A size in units: of the base, or of the quote where the contract is inverse. */
  units(size: Money): Money {
    return this.plain ? size : size.times(this.contractSize);
  }

  /** The size that so many units are: the opposite of {@link units}. */
  sizeOf(units: Money): Money {
    return this.plain ? units : quotient(units, this.contractSize);
  }

  /** Worth in the quote currency; of an inverse contract the same at any price. */
  value(price: Money, size: Money): Money {
    return this.inverse ? this.units(size) : this.units(size).times(price);
  }

  /** Worth in base units. */
  base(price: Money, size: Money): Money {
    return this.inverse ? quotient(this.units(size), price) : this.units(size);
  }

  /** Worth in the settlement currency: base for inverse contracts, else quote. */
  settled(price: Money, size: Money): Money {
    return this.inverse ? this.base(price, size) : this.value(price, size);
  }

  /** The price at which so much size was had for `cost` of the settlement currency: the opposite of {@link settled}. Both above 0. */
  priceAt(size: Money, cost: Money): Money {
    return this.inverse ? quotient(this.units(size), cost) : quotient(cost, this.units(size));
  }

  /** Whether an order is worth enough for its venue; compared without a division. */
  isWorthPlacing(price: Money, size: Money): boolean {
    return this.inverse
      ? !exceeds(this.minimumNotional.times(price), this.units(size))
      : !exceeds(this.minimumNotional, this.value(price, size));
  }
}

const contracts = new WeakMap<InstrumentSpecification, Contract>();

/** The contract of a specification, its decimal texts read once. */
export function contractOf(specification: InstrumentSpecification): Contract {
  let known = contracts.get(specification);
  if (!known) contracts.set(specification, (known = new Contract(specification)));
  return known;
}
