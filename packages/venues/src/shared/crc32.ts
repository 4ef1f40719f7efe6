/**
 * Checksum texts are written as bytes into one reused buffer and summed there: no string is made on the way.
 * CRC-32 of ISO 3309 (polynomial 0xEDB88320, reflected), the one of zlib.
 */
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});
/** The sums of a byte that one, two and three zero bytes follow: four bytes are taken in one step. */
const [TABLE_1, TABLE_2, TABLE_3] = [1, 2, 3].map((zeros) =>
  TABLE.map((value) => {
    let sum = value;
    for (let i = 0; i < zeros; i++) sum = (sum >>> 8) ^ TABLE[sum & 0xff];
    return sum;
  }),
);

/** The signed 32-bit CRC of `bytes[0, length)`; `>>> 0` makes it unsigned. */
export function crc32(bytes: Uint8Array, length: number = bytes.length): number {
  return ~crc32Continue(CRC32_START, bytes, length);
}

/** Before the first byte. A sum is the complement of the state after the last. */
export const CRC32_START = -1;

/** The state after `bytes[0, length)` more. */
export function crc32Continue(state: number, bytes: Uint8Array, length: number): number {
  let crc = state;
  let i = 0;
  for (const fours = length - 3; i < fours; i += 4) {
    crc ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    crc = TABLE_3[crc & 0xff] ^ TABLE_2[(crc >>> 8) & 0xff] ^ TABLE_1[(crc >>> 16) & 0xff] ^ TABLE[crc >>> 24];
  }
  for (; i < length; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]) & 0xff];
  return crc;
}

const ZERO = 0x30;
const DOT = 0x2e;
const HALF = 1e8;
const POWERS = Float64Array.from({ length: 11 }, (_, exponent) => 10 ** exponent);

/**
 * An ASCII text of decimal numbers in a buffer that the caller makes large enough: a number takes up to 18 bytes.
 * Scales up to 16 decimals.
 */
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
    this.small(high, 1);
    this.small(value - high * HALF, 8);
  }

  /** The decimal text of a scaled integer without trailing zeros: (6500010, 2) gives `65000.1`, (5, 3) `0.005`. */
  trimmed(value: number, scale: number): void {
    if (scale > 8) {
      this.trimmedWide(value, scale);
      return;
    }
    const power = POWERS[scale];
    const whole = value < power ? 0 : Math.floor(value / power);
    this.digits(whole);
    this.fraction(value - whole * power, scale);
  }

  /** As {@link trimmed} for more than 8 decimals, whose fraction is written in two halves. */
  private trimmedWide(value: number, scale: number): void {
    const upper = Math.floor(value / POWERS[scale - 8]);
    const rest = value - upper * POWERS[scale - 8];
    if (rest === 0) {
      this.trimmed(upper, 8);
      return;
    }
    const whole = Math.floor(upper / HALF);
    this.digits(whole);
    this.byte(DOT);
    this.small(upper - whole * HALF, 8);
    this.tail(rest, scale - 8);
  }

  /** A point and the decimals, unless they are all 0. */
  private fraction(value: number, decimals: number): void {
    if (value === 0) return;
    this.byte(DOT);
    this.tail(value, decimals);
  }

  /** Up to 8 decimals, the last of which is not 0 when written. */
  private tail(value: number, decimals: number): void {
    let rest = value | 0;
    let count = decimals;
    for (let tenth = (rest / 10) | 0; tenth * 10 === rest; tenth = (rest / 10) | 0) {
      rest = tenth;
      count--;
    }
    this.small(rest, count);
  }

  /** An integer below 2^31 with at least `width` digits. */
  private small(value: number, width: number): void {
    let rest = value | 0;
    let count = width;
    while (count < 10 && rest >= POWERS[count]) count++;
    for (let at = this.length + count - 1; at >= this.length; at--) {
      const quotient = (rest / 10) | 0;
      this.bytes[at] = ZERO + rest - quotient * 10;
      rest = quotient;
    }
    this.length += count;
  }
}
