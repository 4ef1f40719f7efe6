/**
 * Checksum texts are written as bytes into one reused buffer and summed there: no string is made on the way.
 * CRC-32 of ISO 3309 (polynomial 0xEDB88320, reflected), the one of zlib.
 */
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The signed 32-bit CRC of `bytes[0, length)`; `>>> 0` makes it unsigned. */
export function crc32(bytes: Uint8Array, length: number = bytes.length): number {
  let crc = -1;
  for (let i = 0; i < length; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]) & 0xff];
  return ~crc;
}

const ZERO = 0x30;
const DOT = 0x2e;
const HALF = 1e8;

/** A growing-by-hand ASCII text of decimal numbers. The caller makes it large enough: a number takes up to 18 bytes. */
export class DigitText {
  readonly bytes: Uint8Array;
  length = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  clear(): void {
    this.length = 0;
  }

  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  /** The digits of a non-negative integer below 2^53. */
  digits(value: number): void {
    if (value < HALF) {
      this.small(value, 1);
      return;
    }
    const high = Math.floor(value / HALF);
    if (high < HALF) this.small(high, 1);
    else {
      this.small(Math.floor(high / HALF), 1);
      this.small(high % HALF, 8);
    }
    this.small(value - high * HALF, 8);
  }

  /** The decimal text of a scaled integer without trailing zeros: (6500010, 2) gives `65000.1`, (5, 3) `0.005`. */
  trimmed(value: number, scale: number): void {
    let decimals = scale;
    let rest = value;
    while (decimals > 0 && rest % 10 === 0) {
      rest /= 10;
      decimals--;
    }
    if (decimals === 0) {
      this.digits(rest);
      return;
    }
    const power = 10 ** decimals;
    const whole = Math.floor(rest / power);
    this.digits(whole);
    this.byte(DOT);
    const fraction = rest - whole * power;
    if (decimals <= 8) this.small(fraction, decimals);
    else {
      const high = Math.floor(fraction / HALF);
      this.small(high, decimals - 8);
      this.small(fraction - high * HALF, 8);
    }
  }

  /** An integer below 10^8 with at least `width` digits. */
  private small(value: number, width: number): void {
    let count = width;
    for (let limit = 10 ** width; limit <= value; limit *= 10) count++;
    let rest = value | 0;
    for (let at = this.length + count - 1; at >= this.length; at--) {
      const quotient = (rest / 10) | 0;
      this.bytes[at] = ZERO + rest - quotient * 10;
      rest = quotient;
    }
    this.length += count;
  }
}
