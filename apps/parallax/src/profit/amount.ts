/**
 * An exact decimal number: a whole number and how many of its digits are decimals. For those who add up what others said,
 * so that nothing of theirs is rounded, and no other arithmetic than that of whole numbers takes part.
 */
export class Amount {
  static readonly zero = new Amount(0n, 0);

  private constructor(
    private readonly digits: bigint,
    private readonly decimals: number,
  ) {}

  /** Reads plain decimal text, `-12.50`. */
  static of(text: string): Amount {
    const [whole, fraction = ''] = text.split('.');
    return new Amount(BigInt(whole + fraction), fraction.length);
  }

  static sum(amounts: Iterable<Amount>): Amount {
    let sum = Amount.zero;
    for (const amount of amounts) sum = sum.plus(amount);
    return sum;
  }

  get sign(): -1 | 0 | 1 {
    return this.digits < 0n ? -1 : this.digits > 0n ? 1 : 0;
  }

  plus(other: Amount): Amount {
    const decimals = Math.max(this.decimals, other.decimals);
    return new Amount(this.at(decimals) + other.at(decimals), decimals);
  }

  minus(other: Amount): Amount {
    return this.plus(other.times(-1));
  }

  times(other: Amount | 1 | -1): Amount {
    if (typeof other === 'number') return new Amount(this.digits * BigInt(other), this.decimals);
    return new Amount(this.digits * other.digits, this.decimals + other.decimals);
  }

  /** The quotient at so many decimals, halves to the even digit. */
  by(divisor: Amount, decimals: number): Amount {
    const over = this.digits * 10n ** BigInt(divisor.decimals + decimals);
    const under = divisor.digits * 10n ** BigInt(this.decimals);
    const [size, unit] = [over < 0n ? -over : over, under < 0n ? -under : under];
    const [whole, twice] = [size / unit, (size % unit) * 2n];
    const rounded = twice > unit || (twice === unit && whole % 2n === 1n) ? whole + 1n : whole;
    return new Amount(over < 0n === under < 0n ? rounded : -rounded, decimals);
  }

  /** Without its sign. */
  get size(): Amount {
    return this.digits < 0n ? this.times(-1) : this;
  }

  equals(other: Amount): boolean {
    return this.minus(other).sign === 0;
  }

  /** The smaller one. */
  least(other: Amount): Amount {
    return this.minus(other).sign < 0 ? this : other;
  }

  /** Plain decimal text without trailing zeros. */
  toString(): string {
    const digits = this.size.digits.toString().padStart(this.decimals + 1, '0');
    const at = digits.length - this.decimals;
    const text = `${digits.slice(0, at)}.${digits.slice(at)}`.replace(/\.?0*$/, '');
    return this.digits < 0n ? `-${text}` : text;
  }

  private at(decimals: number): bigint {
    return this.digits * 10n ** BigInt(decimals - this.decimals);
  }
}

/** No market here has more decimals. */
const READABLE_DECIMALS = 8;

/** An amount for reading, without the digits that only arithmetic made; who needs all of them asks for JSON. */
export const readable = (text: string): string => Amount.of(text).by(Amount.of('1'), READABLE_DECIMALS).toString();
