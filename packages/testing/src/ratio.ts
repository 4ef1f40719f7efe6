/** A quotient of whole numbers: nothing is ever rounded unless asked, and nothing of the code under test takes part in what is expected of it. */
export class Ratio {
  static readonly zero = new Ratio(0n, 1n);

  private constructor(
    readonly over: bigint,
    readonly under: bigint,
  ) {}

  /** Of decimal text without an exponent. */
  static of(text: string): Ratio {
    const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)!;
    return new Ratio(BigInt(sign + whole + fraction), 10n ** BigInt(fraction.length));
  }

  plus(other: Ratio): Ratio {
    return new Ratio(this.over * other.under + other.over * this.under, this.under * other.under);
  }

  minus(other: Ratio): Ratio {
    return this.plus(other.times(-1n));
  }

  times(other: Ratio | bigint): Ratio {
    return typeof other === 'bigint' ? new Ratio(this.over * other, this.under) : new Ratio(this.over * other.over, this.under * other.under);
  }

  by(other: Ratio): Ratio {
    const sign = other.over < 0n ? -1n : 1n;
    return new Ratio(this.over * other.under * sign, this.under * other.over * sign);
  }

  /** Below, equal to or above 0. */
  get sign(): number {
    return this.over < 0n ? -1 : this.over > 0n ? 1 : 0;
  }

  equals(other: Ratio | string): boolean {
    return this.minus(typeof other === 'string' ? Ratio.of(other) : other).sign === 0;
  }

  /** Halves to the even digit. */
  rounded(decimals: number): Ratio {
    const scale = 10n ** BigInt(decimals);
    const size = (this.over < 0n ? -this.over : this.over) * scale;
    const [whole, twice] = [size / this.under, (size % this.under) * 2n];
    const digits = twice > this.under || (twice === this.under && whole % 2n === 1n) ? whole + 1n : whole;
    return new Ratio(this.over < 0n ? -digits : digits, scale);
  }
}
