/** A quotient of whole numbers, so that nothing of the code under test takes part in what is expected of it. */
export class Ratio {
  private constructor(
    readonly over: bigint,
    readonly under: bigint,
  ) {}

  static of(text: string): Ratio {
    const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)!;
    return new Ratio(BigInt(sign + whole + fraction), 10n ** BigInt(fraction.length));
  }

  plus(other: Ratio): Ratio {
    return new Ratio(this.over * other.under + other.over * this.under, this.under * other.under);
  }

  minus(other: Ratio): Ratio {
    return this.plus(new Ratio(-other.over, other.under));
  }

  times(other: Ratio): Ratio {
    return new Ratio(this.over * other.over, this.under * other.under);
  }

  by(other: Ratio): Ratio {
    return other.over < 0n ? new Ratio(-this.over * other.under, this.under * -other.over) : new Ratio(this.over * other.under, this.under * other.over);
  }

  get sign(): number {
    return this.over < 0n ? -1 : this.over > 0n ? 1 : 0;
  }

  equals(other: Ratio): boolean {
    return this.minus(other).sign === 0;
  }

  /** Halves to the even digit. */
  rounded(decimals: number): Ratio {
    const scale = 10n ** BigInt(decimals);
    const [size, under] = [(this.over < 0n ? -this.over : this.over) * scale, this.under];
    const [whole, rest] = [size / under, size % under];
    const up = rest * 2n > under || (rest * 2n === under && whole % 2n === 1n);
    const digits = whole + (up ? 1n : 0n);
    return new Ratio(this.over < 0n ? -digits : digits, scale);
  }
}
