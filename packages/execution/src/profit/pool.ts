import { Money, ZERO } from '../money.js';

/** Quotients of money are rounded at so many decimals; what is left of a sum keeps the rest, so that parts add up to it. */
const DECIMALS = 18;

export const rounded = (amount: Money): Money => amount.toDecimalPlaces(DECIMALS);

/** Base units that fills moved and what they were worth, both without a sign. Parts are taken out of it at its average price. */
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
    const all = most.greaterThanOrEqualTo(this.base);
    const base = all ? this.base : most;
    const value = all ? this.value : rounded(this.value.times(base).div(this.base));
    this.base = this.base.minus(base);
    this.value = this.value.minus(value);
    return new Pool(base, value);
  }
}
