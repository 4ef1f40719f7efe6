import type { Levels } from '@parallax/book';

/**
 * Walks the bytes of a frame once and turns its numbers into integers on the way. Every method returns a value or the
 * mark {@link MISS}, and moves only when it succeeded; a scan path gives up at the first miss.
 */
export const MISS = -1;

const QUOTE = 0x22;
const DOT = 0x2e;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

const INTEGER_POWERS = Int32Array.from({ length: 10 }, (_, exponent) => 10 ** exponent);

/** The ASCII bytes of a literal that must stand in a frame. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export class ByteScanner {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;

  start(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.at = 0;
    this.end = bytes.length;
  }

  /** Moves past `literal` if it stands here. */
  take(literal: Uint8Array): boolean {
    const { bytes, at } = this;
    const length = literal.length;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== literal[i]) return false;
    this.at = at + length;
    return true;
  }

  /** Moves past one byte if it stands here. */
  takeByte(byte: number): boolean {
    if (this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  /** A non-negative JSON integer below 2^53, without a leading zero. */
  integer(): number {
    const { bytes } = this;
    const from = this.at;
    const highEnd = from + 9;
    let at = from;
    // Nine digits fit in 32 bits, where multiplying is cheapest; ids have up to two such groups.
    let high = 0;
    let digit = bytes[at] - ZERO;
    while (digit >= 0 && digit <= 9 && at < highEnd) {
      high = (Math.imul(high, 10) + digit) | 0;
      digit = bytes[++at] - ZERO;
    }
    if (at === from || (bytes[from] === ZERO && at - from > 1)) return MISS;
    if (!(digit >= 0 && digit <= 9)) {
      this.at = at;
      return high;
    }
    let low = 0;
    while (digit >= 0 && digit <= 9 && at < highEnd + 9) {
      low = (Math.imul(low, 10) + digit) | 0;
      digit = bytes[++at] - ZERO;
    }
    if (digit >= 0 && digit <= 9) return MISS;
    const value = high * POWERS[at - highEnd] + low;
    if (value > Number.MAX_SAFE_INTEGER) return MISS;
    this.at = at;
    return value;
  }

  /** A decimal in quotes as an integer at `scale`; a digit beyond the scale that is not 0 is a miss. */
  quotedDecimal(scale: number): number {
    const from = this.at;
    if (this.bytes[from] !== QUOTE) return MISS;
    this.at = from + 1;
    const value = this.decimal(scale);
    if (value >= 0 && this.bytes[this.at] === QUOTE) {
      this.at++;
      return value;
    }
    this.at = from;
    return MISS;
  }

  /** A plain decimal without sign or exponent as an integer at `scale`. */
  decimal(scale: number): number {
    const { bytes } = this;
    const from = this.at;
    let at = from;
    let whole = 0;
    let digit = bytes[at] - ZERO;
    while (digit >= 0 && digit <= 9) {
      whole = (Math.imul(whole, 10) + digit) | 0;
      digit = bytes[++at] - ZERO;
    }
    if (at === from) return MISS;
    if (at - from > 9) return this.longDecimal(scale);
    let fraction = 0;
    let read = 0;
    if (digit === DOT - ZERO) {
      const fractionFrom = ++at;
      digit = bytes[at] - ZERO;
      while (digit >= 0 && digit <= 9) {
        fraction = (Math.imul(fraction, 10) + digit) | 0;
        digit = bytes[++at] - ZERO;
      }
      read = at - fractionFrom;
      if (read === 0) return MISS;
      if (read > 9) return this.longDecimal(scale);
      if (read > scale) {
        const beyond = INTEGER_POWERS[read - scale];
        if (fraction % beyond !== 0) return MISS;
        fraction = (fraction / beyond) | 0;
        read = scale;
      }
    }
    const value = whole * POWERS[scale] + fraction * POWERS[scale - read];
    if (value > Number.MAX_SAFE_INTEGER) return MISS;
    this.at = at;
    return value;
  }

  /**
   * The rest of a list of `["price","size"]` pairs whose opening bracket was read: each into `levels`. A price of 0 is a
   * miss. Written out with local variables: levels are most of what a venue sends.
   */
  pairs(levels: Levels, priceScale: number, sizeScale: number): boolean {
    const { bytes } = this;
    if (bytes[this.at] === CLOSE_BRACKET) {
      this.at++;
      return true;
    }
    for (;;) {
      if (bytes[this.at] !== OPEN_BRACKET) return false;
      this.at++;
      const price = this.quotedDecimal(priceScale);
      if (price <= 0 || bytes[this.at] !== COMMA) return false;
      this.at++;
      const size = this.quotedDecimal(sizeScale);
      if (size < 0 || bytes[this.at] !== CLOSE_BRACKET) return false;
      levels.push(price, size);
      const next = bytes[this.at + 1];
      this.at += 2;
      if (next === CLOSE_BRACKET) return true;
      if (next !== COMMA) return false;
    }
  }

  /** As {@link decimal}, for more digits than 32 bits hold on one side of the point, or than the scale has. */
  private longDecimal(scale: number): number {
    const { bytes, end } = this;
    let { at } = this;
    let value = 0;
    let digit = bytes[at] - ZERO;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digit = ++at < end ? bytes[at] - ZERO : -1;
    }
    let missing = scale;
    if (digit === DOT - ZERO) {
      digit = ++at < end ? bytes[at] - ZERO : -1;
      if (!(digit >= 0 && digit <= 9)) return MISS;
      while (digit >= 0 && digit <= 9) {
        if (missing > 0) {
          value = value * 10 + digit;
          missing--;
        } else if (digit !== 0) {
          return MISS;
        }
        digit = ++at < end ? bytes[at] - ZERO : -1;
      }
    }
    if (missing > 0) value *= POWERS[missing];
    if (value > Number.MAX_SAFE_INTEGER) return MISS;
    this.at = at;
    return value;
  }

  /** Moves past a string in quotes of plain ASCII; false for one that needs unescaping or is not. */
  skipString(): boolean {
    const { bytes, end } = this;
    let at = this.at;
    if (at >= end || bytes[at] !== QUOTE) return false;
    for (at++; at < end; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        this.at = at + 1;
        return true;
      }
      if (byte === BACKSLASH || byte < 0x20 || byte >= 0x80) return false;
    }
    return false;
  }

  /** True when the scan stands exactly at the end of the frame. */
  done(): boolean {
    return this.at === this.end;
  }
}
