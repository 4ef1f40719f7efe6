import { FramePage, type LevelShape, type PageLevels } from './frame-page/frame-page.js';
import type { Row } from './frame-page/row.js';
import type { Literal } from './literal.js';

/**
 * Walks the bytes of a frame once and turns its numbers into integers on the way. Every method returns a value or the
 * mark {@link MISS}, and moves only when it succeeded; a scan path gives up at the first miss.
 */
export const MISS = -1;

const QUOTE = 0x22;
const DOT = 0x2e;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const HIGH_BITS = 0x80808080 | 0;
const CLOSE_BRACKET = 0x5d;
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

const INTEGER_POWERS = Int32Array.from({ length: 10 }, (_, exponent) => 10 ** exponent);

/** How many of a word's four bytes, lowest first, are digits before the first that is none. */
function digitCount(word: number): number {
  const others = ((word + 0x46464646) | (word - 0x30303030)) & HIGH_BITS;
  return others === 0 ? 4 : (31 - Math.clz32(others ^ (others - 1))) >>> 3;
}

/** The number that a word's four digits say, the lowest byte first; bytes of 0 count as the digit 0. */
function fourDigits(word: number): number {
  const digits = word & 0x0f0f0f0f;
  const twos = Math.imul(digits, 10) + (digits >>> 8);
  return (twos & 0xff) * 100 + ((twos >>> 16) & 0xff);
}

/** Bytes behind a frame's end that may be looked at: more than the longest literal. */
const MARGIN = 128;

/** The ASCII bytes of a text. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export class ByteScanner {
  /** The frame copied to the start of a page of our own: one buffer, which a view reads by words. */
  bytes: Uint8Array;
  at = 0;
  end = 0;
  /** What the last row held that was taken. */
  values: Float64Array;
  private view: DataView;
  private readonly page: FramePage;

  /** `shape` is how the venue writes a level (see {@link usualLevels}). */
  constructor(shape: LevelShape = 'pair') {
    this.page = new FramePage(1 << 16, shape);
    this.bytes = this.page.bytes;
    this.view = this.page.view;
    this.values = this.page.values;
  }

  /** Keeps a row for {@link takeRow}, which knows it by the place that is returned. */
  keep(row: Row): number {
    const place = this.page.place(row);
    this.attach();
    return place;
  }

  /** Moves past the row that was kept at `place` if it stands here as a whole; its values are in `values` then. */
  takeRow(place: number): boolean {
    const behind = this.page.behindRow(place, this.at);
    if (behind < 0) return false;
    this.at = behind;
    return true;
  }

  start(frame: Uint8Array): void {
    const { length } = frame;
    if (length + MARGIN > this.bytes.length) this.grow(length);
    this.bytes.set(frame);
    // Nothing matches or goes on at this byte, so that no number or literal reaches into what an older frame left.
    this.bytes[length] = 0;
    this.at = 0;
    this.end = length;
  }

  /** Moves past `literal` if it stands here. */
  take(literal: Literal): boolean {
    const { at } = this;
    if (!literal.standsAt(this.view, at)) return false;
    this.at = at + literal.length;
    return true;
  }

  /** Moves past one byte if it stands here. */
  takeByte(byte: number): boolean {
    if (this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  /** A non-negative JSON integer below 2^53, without a leading zero. Four digits a step: ids and times are long. */
  integer(): number {
    const { view, at: from } = this;
    let at = from;
    let value = 0;
    let word = view.getInt32(at, true);
    const leadingZero = (word & 0xff) === ZERO;
    let count = digitCount(word);
    while (count === 4) {
      value = value * 10_000 + fourDigits(word);
      word = view.getInt32((at += 4), true);
      count = digitCount(word);
    }
    if (count > 0) {
      value = value * POWERS[count] + fourDigits(word << (32 - 8 * count));
      at += count;
    }
    if (at === from || (leadingZero && at - from > 1) || value > Number.MAX_SAFE_INTEGER) return MISS;
    this.at = at;
    return value;
  }

  /** A decimal in quotes as an integer at `scale`; a digit beyond the scale that is not 0 is a miss. */
  quotedDecimal(scale: number): number {
    const { bytes, at: from } = this;
    if (bytes[from] !== QUOTE) return MISS;
    const value = this.decimalAt(from + 1, scale);
    if (value >= 0 && bytes[this.at] === QUOTE) {
      this.at++;
      return value;
    }
    this.at = from;
    return MISS;
  }

  /** A plain decimal without sign or exponent as an integer at `scale`. */
  decimal(scale: number): number {
    return this.decimalAt(this.at, scale);
  }

  /** The lists that {@link usualLevels} reads into; they are the update's own. */
  get bids(): PageLevels {
    return this.page.bids;
  }
  get asks(): PageLevels {
    return this.page.asks;
  }

  /**
   * The levels of a list whose opening bracket was read, as far as they are written in the usual way: true when the list has
   * ended. False leaves the scan at the first unusual one (a long number, a price of 0, a fault).
   */
  usualLevels(levels: PageLevels, priceScale: number, sizeScale: number): boolean {
    levels.count = 0;
    if (this.takeByte(CLOSE_BRACKET)) return true;
    const stopped = this.page.read(this.at, levels, priceScale, sizeScale);
    this.at = stopped;
    return this.bytes[stopped - 1] === CLOSE_BRACKET;
  }

  /** Reads from `from` on, and moves there and past the decimal only when it is one. */
  private decimalAt(from: number, scale: number): number {
    const { bytes } = this;
    let at = from;
    let whole = 0;
    let digit = bytes[at] - ZERO;
    while (digit >= 0 && digit <= 9) {
      whole = (Math.imul(whole, 10) + digit) | 0;
      digit = bytes[++at] - ZERO;
    }
    if (at === from) return MISS;
    if (at - from > 9) return this.longDecimal(from, scale);
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
      if (read > 9) return this.longDecimal(from, scale);
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

  /** As {@link decimalAt}, for more digits than 32 bits hold on one side of the point, or than the scale has. */
  private longDecimal(from: number, scale: number): number {
    const { bytes, end } = this;
    let at = from;
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

  private grow(length: number): void {
    this.page.grow((length + MARGIN) * 2);
    this.attach();
  }

  private attach(): void {
    this.bytes = this.page.bytes;
    this.view = this.page.view;
    this.values = this.page.values;
  }
}
