import { decimalsOf, ParallaxError, scaledDigits, withoutExponent } from '@parallax/types';

/** A number with more decimals than the scale that it is read at: news about the instrument. */
export interface FinerNumber {
  readonly scale: number;
  readonly decimals: number;
}

/** Why a plain path refuses a frame, and where. Thrown and caught inside a reader, never beyond it. */
export class FrameFault extends Error {
  constructor(
    readonly reason: string,
    readonly place: string,
    readonly instrument = -1,
    /** False where it is known to have changed none of our books: of another channel, or of a symbol that is not read. */
    readonly mayBeOfBook = true,
    /** Where a number is refused for its decimals alone. */
    readonly finer?: FinerNumber,
  ) {
    super(`${place}: ${reason}`);
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The frame's JSON value; a fault when it is no UTF-8 or no JSON. */
export function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (error) {
    throw new FrameFault(`not JSON: ${(error as Error).message}`, '$');
  }
}

export function objectAt(value: unknown, place: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FrameFault('expected an object', place);
  return value as JsonObject;
}

export function arrayAt(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new FrameFault('expected a list', place);
  return value;
}

export function textAt(value: unknown, place: string): string {
  if (typeof value !== 'string') throw new FrameFault('expected a text', place);
  return value;
}

export function booleanAt(value: unknown, place: string): boolean {
  if (typeof value !== 'boolean') throw new FrameFault('expected true or false', place);
  return value;
}

/** Words for people of whatever a venue sent, of what cannot be written out as well: what is nested deeply can be read alone. */
export function wordsOf(value: unknown, otherwise = ''): string {
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value);
  } catch {
    return 'what is nested too deeply to be told';
  }
}

/** A non-negative integer that JSON holds exactly. */
export function integerAt(value: unknown, place: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || Object.is(value, -0)) {
    throw new FrameFault('expected a non-negative integer below 2^53', place);
  }
  return value;
}

/** The digits of a non-negative decimal text as an integer at `scale`, however large. */
export function digitsAt(text: string, scale: number, place: string): string {
  if (text.startsWith('-')) throw new FrameFault(`"${text}" is negative`, place);
  try {
    return scaledDigits(text, scale);
  } catch (error) {
    if (!(error instanceof ParallaxError)) throw error;
    const decimals = decimalsOf(text);
    throw new FrameFault(error.message, place, -1, true, decimals > scale && Number.isFinite(Number(text)) ? { scale, decimals } : undefined);
  }
}

/** Why a decimal is refused that is well written and 2^53 or more at `scale`. */
export const tooLarge = (text: string, scale: number): string => `"${text}" does not fit exactly at ${scale} decimals`;

/** A non-negative decimal text as an integer at `scale`, exactly. */
export function decimalAt(value: unknown, scale: number, place: string): number {
  const text = textAt(value, place);
  const number = Number(digitsAt(text, scale, place));
  if (!Number.isSafeInteger(number)) throw new FrameFault(tooLarge(text, scale), place);
  return number;
}

const AMOUNT = /^\d+(?:\.\d+)?$/;

/** A non-negative decimal text, written without an exponent. */
export function amountAt(value: unknown, place: string): string {
  const text = withoutExponent(textAt(value, place));
  if (!AMOUNT.test(text)) throw new FrameFault(`"${text}" is no amount`, place);
  return text;
}

/** As {@link decimalAt}, and not 0. */
export function priceAt(value: unknown, scale: number, place: string): number {
  const price = decimalAt(value, scale, place);
  if (price === 0) throw new FrameFault('a price of 0', place);
  return price;
}
