/**
 * Walks the bytes of a frame once and turns its numbers into integers on the way. Every method returns a value or the
 * mark {@link MISS}, and moves only when it succeeded; a scan path gives up at the first miss.
 */
export const MISS = -1;

const QUOTE = 0x22;
const DOT = 0x2e;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

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
    if (at + length > this.end) return false;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== literal[i]) return false;
    this.at = at + length;
    return true;
  }

  /** Moves past one byte if it stands here. */
  takeByte(byte: number): boolean {
    if (this.at >= this.end || this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  /** A non-negative JSON integer below 2^53, without a leading zero. */
  integer(): number {
    const { bytes, end } = this;
    let at = this.at;
    if (at >= end) return MISS;
    let digit = bytes[at] - ZERO;
    if (!(digit >= 0 && digit <= 9)) return MISS;
    const first = at;
    let value = 0;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digit = ++at < end ? bytes[at] - ZERO : -1;
    }
    if (value > Number.MAX_SAFE_INTEGER || (bytes[first] === ZERO && at - first > 1)) return MISS;
    this.at = at;
    return value;
  }

  /** A decimal in quotes as an integer at `scale`; a digit beyond the scale that is not 0 is a miss. */
  quotedDecimal(scale: number): number {
    if (this.at >= this.end || this.bytes[this.at] !== QUOTE) return MISS;
    const start = this.at++;
    const value = this.decimal(scale);
    if (value !== MISS && this.at < this.end && this.bytes[this.at] === QUOTE) {
      this.at++;
      return value;
    }
    this.at = start;
    return MISS;
  }

  /** A plain decimal without sign or exponent as an integer at `scale`. */
  decimal(scale: number): number {
    const { bytes, end } = this;
    let at = this.at;
    if (at >= end) return MISS;
    let digit = bytes[at] - ZERO;
    if (!(digit >= 0 && digit <= 9)) return MISS;
    let value = 0;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digit = ++at < end ? bytes[at] - ZERO : -1;
    }
    let missing = scale;
    if (at < end && bytes[at] === DOT) {
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

  /** Moves past a string in quotes that needs no unescaping; false for one that does. */
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
      if (byte === BACKSLASH || byte < 0x20) return false;
    }
    return false;
  }

  /** True when the scan stands exactly at the end of the frame. */
  done(): boolean {
    return this.at === this.end;
  }
}
