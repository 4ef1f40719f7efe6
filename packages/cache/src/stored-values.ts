import { isTrusted, layoutOf, ParallaxError, Quote, QUOTE_COLUMNS, RowKind, type RegimeEvent } from '@parallax/types';
import { decodeJson, encodeJson, regimeEventSchema, rowFromBytes } from '@parallax/wire';
import { regimeKey, type KeptQuote } from './kept-values.js';

/**
 * How values lie in Redis: each begins with its time in 16 digits, so that a script can tell which of two is newer. A quote goes
 * on with its scales and its row as float64 columns, a regime with its JSON.
 */
export const TIME_DIGITS = 16;
/** Greatest number of decimals of any price or size. */
const GREATEST_SCALE = 30;
const SCALE_COLUMNS = 2;
const QUOTE_BYTES = (SCALE_COLUMNS + QUOTE_COLUMNS) * 8;

export function storedQuote({ priceScale, sizeScale, row }: KeptQuote): Buffer {
  const columns = new Float64Array(SCALE_COLUMNS + QUOTE_COLUMNS);
  columns[0] = priceScale;
  columns[1] = sizeScale;
  columns.set(row, SCALE_COLUMNS);
  return stored(row[Quote.receivedAtUs], new Uint8Array(columns.buffer));
}

export const storedRegime = (regime: RegimeEvent): Buffer => stored(regime.atUs, encodeJson(regime));

function stored(atUs: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(String(atUs).padStart(TIME_DIGITS, '0')), bytes]);
}

/**
 * Reads a stored quote; `field` is its key.
 * @throws ParallaxError `INPUT_REFUSED` that says what is wrong: others may write to the same Redis.
 */
export function quoteFromStored(field: string, bytes: Buffer): KeptQuote {
  const colon = field.indexOf(':');
  if (colon < 1 || colon === field.length - 1) throw refused('the field names no venue and symbol');
  const columns = rowFromBytes(bytes.subarray(TIME_DIGITS));
  if (bytes.byteLength !== TIME_DIGITS + QUOTE_BYTES) throw refused(`a quote has ${TIME_DIGITS + QUOTE_BYTES} bytes, this one ${bytes.byteLength}`);
  const [priceScale, sizeScale] = columns;
  const row = columns.slice(SCALE_COLUMNS);
  if (row[Quote.layout] !== layoutOf(RowKind.quote)) throw refused(`row layout ${row[Quote.layout]} is no quote of this version`);
  if (!columns.every((value) => Number.isSafeInteger(value) && value >= 0)) throw refused('a column is no whole number');
  if (priceScale > GREATEST_SCALE || sizeScale > GREATEST_SCALE) throw refused('a scale is out of range');
  if (!isTrusted(row)) throw refused('the quote was not trusted');
  checkTime(bytes, row[Quote.receivedAtUs]);
  return { venue: field.slice(0, colon), symbol: field.slice(colon + 1), priceScale, sizeScale, row };
}

/** @throws ParallaxError `INPUT_REFUSED` as {@link quoteFromStored}. */
export function regimeFromStored(field: string, bytes: Buffer): RegimeEvent {
  const regime = decodeJson(regimeEventSchema, bytes.subarray(TIME_DIGITS));
  if (regimeKey(regime) !== field) throw refused('the value is of another symbol or horizon than its field');
  checkTime(bytes, regime.atUs);
  return regime;
}

function checkTime(bytes: Buffer, atUs: number): void {
  const time = bytes.toString('latin1', 0, TIME_DIGITS);
  if (time !== String(atUs).padStart(TIME_DIGITS, '0')) throw refused('the time before the value is not its own');
}

const refused = (message: string): ParallaxError => new ParallaxError('INPUT_REFUSED', message);
