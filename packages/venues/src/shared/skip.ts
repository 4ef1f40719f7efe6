import { MISS, type ByteScanner } from './scan.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const MINUS = 0x2d;
const DOT = 0x2e;

/** Moves past a printable ASCII string in quotes without escapes: what is certainly valid JSON, whatever it says. */
export function skipAscii(scanner: ByteScanner): boolean {
  const { bytes, end } = scanner;
  let at = scanner.at;
  if (at >= end || bytes[at] !== QUOTE) return false;
  for (at++; at < end; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      scanner.at = at + 1;
      return true;
    }
    if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return false;
  }
  return false;
}

/** A non-negative integer in quotes below 2^53, or the mark MISS. */
export function quotedInteger(scanner: ByteScanner): number {
  const start = scanner.at;
  if (!scanner.takeByte(QUOTE)) return MISS;
  const value = scanner.integer();
  if (value !== MISS && scanner.takeByte(QUOTE)) return value;
  scanner.at = start;
  return MISS;
}

/** A JSON number without sign or exponent as an integer at `scale`: as `decimal`, but JSON allows no leading zeros. */
export function bareDecimal(scanner: ByteScanner, scale: number): number {
  const { bytes, at, end } = scanner;
  if (at + 1 < end && bytes[at] === ZERO && bytes[at + 1] >= ZERO && bytes[at + 1] <= ZERO + 9) return MISS;
  return scanner.decimal(scale);
}

/** Moves past a JSON number without exponent, whatever its size. */
export function skipNumber(scanner: ByteScanner): boolean {
  const { bytes, end } = scanner;
  let at = scanner.at;
  if (at < end && bytes[at] === MINUS) at++;
  const whole = at;
  while (at < end && bytes[at] >= ZERO && bytes[at] <= ZERO + 9) at++;
  if (at === whole || (bytes[whole] === ZERO && at - whole > 1)) return false;
  if (at < end && bytes[at] === DOT) {
    const fraction = ++at;
    while (at < end && bytes[at] >= ZERO && bytes[at] <= ZERO + 9) at++;
    if (at === fraction) return false;
  }
  scanner.at = at;
  return true;
}
