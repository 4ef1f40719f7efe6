import { type Money, ZERO } from './decimal.js';
import { AMOUNT_DECIMALS, partOf } from './rounding.js';

/**
 * Base units that fills moved and what they were worth, both without a sign. Parts are taken out of it at its average price; they
 * are told, and are rounded as told amounts are.
 */
export class Pool {
  constructor(
    public base: Money = ZERO,
    public value: Money = ZERO,
  ) {}

  add({ base, value }: Pick<Pool, 'base' | 'value'>): void {
    this.base = this.base.plus(base);
    this.value = this.value.plus(value);
  }

  /** Takes out at most so many base units. What is taken and what stays add up to what there was, to the last digit. */
  take(most: Money): Pool {
    const base = most.greaterThanOrEqualTo(this.base) ? this.base : most;
    const value = partOf(this.value, base, this.base, AMOUNT_DECIMALS);
    this.base = this.base.minus(base);
    this.value = this.value.minus(value);
    return new Pool(base, value);
  }
}
