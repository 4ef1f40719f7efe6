import { ParallaxError } from './errors.js';

/**
 * Numbers as integers at a scale: `price = 6500012` at scale 2 is 65000.12. The integer is held in a JS number and is
 * exact below 2^53; what does not fit, or has a digit beyond the scale that is not 0, is refused and never rounded.
 */

const PLAIN = /^(-?)(\d+)(?:\.(\d+))?$/;
const EXPONENT = /^(-?\d+(?:\.\d+)?)[eE]([+-]?\d{1,3})$/;

/** Rewrites `1.5e-7` without an exponent; text that is no decimal number comes back as it was. */
export function withoutExponent(text: string): string {
  const match = EXPONENT.exec(text);
  if (!match) return text;
  const negative = match[1].startsWith('-');
  const [whole, fraction = ''] = match[1].replace('-', '').split('.');
  const digits = whole + fraction;
  const point = whole.length + Number(match[2]);
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = point <= 0 ? 1 : point;
  const plain = at < padded.length ? `${padded.slice(0, at)}.${padded.slice(at)}` : padded;
  return negative ? `-${plain}` : plain;
}

/**
 * The integer at `scale` decimals that a decimal text stands for, however large, as its digits: (`65000.1`, 2) gives
 * `6500010`. Without leading zeros, so that one number has one text.
 * @throws ParallaxError `NUMBER_REFUSED` when the text is no decimal or is finer than the scale.
 */
export function scaledDigits(text: string, scale: number): string {
  const match = PLAIN.exec(withoutExponent(text));
  if (!match) throw new ParallaxError('NUMBER_REFUSED', `"${text}" is not a decimal number`);
  const fraction = match[3] ?? '';
  for (let i = scale; i < fraction.length; i++) {
    if (fraction[i] !== '0') throw new ParallaxError('NUMBER_REFUSED', `"${text}" is finer than ${scale} decimals`);
  }
  const digits = (match[2] + fraction.slice(0, scale).padEnd(scale, '0')).replace(/^0+(?=\d)/, '');
  return match[1] && digits !== '0' ? `-${digits}` : digits;
}

const POINT = 46;
const DIGIT_ZERO = 48;

/**
 * Unsigned text without exponent, read digit by digit: nearly all prices and sizes, without a match and its pieces. NaN
 * leaves the text to {@link scaledDigits}, which also says what is wrong with it.
 */
function plainScaled(text: string, scale: number): number {
  let value = 0;
  let decimals = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === POINT && decimals < 0 && i > 0 && i < text.length - 1) {
      decimals = 0;
      continue;
    }
    const digit = code - DIGIT_ZERO;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    if (decimals >= scale) {
      if (digit !== 0) return NaN;
      continue;
    }
    value = value * 10 + digit;
    if (decimals >= 0) decimals++;
  }
  for (let missing = Math.max(decimals, 0); missing < scale; missing++) value *= 10;
  // Beyond 2^53 the steps above round, but never back below it.
  return text.length > 0 && Number.isSafeInteger(value) ? value : NaN;
}

/**
 * Reads decimal text into an integer at `scale` decimals.
 * @throws ParallaxError `NUMBER_REFUSED` as {@link scaledDigits}, and where the integer exceeds 2^53 - 1.
 */
export function scaledFromText(text: string, scale: number): number {
  const plain = plainScaled(text, scale);
  if (!Number.isNaN(plain)) return plain;
  const value = Number(scaledDigits(text, scale));
  if (!Number.isSafeInteger(value)) {
    throw new ParallaxError('NUMBER_REFUSED', `"${text}" does not fit exactly at ${scale} decimals`);
  }
  return value;
}

/** The exact decimal text of a scaled integer with all `scale` decimals: (6500010, 2) gives `65000.10`. */
export function textFromScaled(value: number, scale: number): string {
  const negative = value < 0;
  const digits = String(Math.abs(value)).padStart(scale + 1, '0');
  const at = digits.length - scale;
  const text = scale === 0 ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`;
  return negative ? `-${text}` : text;
}

/** As {@link textFromScaled} without trailing zeros: (6500010, 2) gives `65000.1`, (100, 2) gives `1`. */
export function trimmedTextFromScaled(value: number, scale: number): string {
  const text = textFromScaled(value, scale);
  return scale === 0 ? text : text.replace(/\.?0+$/, '');
}

/**
 * As {@link textFromScaled}, with no more zeros than the instrument's order step has decimals: what people and programs
 * read. (6468883000000, 8, 1000000) gives `64688.83`; a value finer than the step keeps all its digits.
 */
export function textOnStep(value: number, scale: number, step: number): string {
  let decimals = scale;
  for (let unit = 10; decimals > 0 && step % unit === 0 && value % unit === 0; unit *= 10) decimals--;
  return textFromScaled(value / 10 ** (scale - decimals), decimals);
}

/** How many decimals a decimal text needs, trailing zeros not counted: `0.00100` needs 3. */
export function decimalsOf(text: string): number {
  const fraction = withoutExponent(text).split('.')[1] ?? '';
  return fraction.replace(/0+$/, '').length;
}
