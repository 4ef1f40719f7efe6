import type { InstrumentMarket } from '@parallax/market-model';
import { textFromScaled, trimmedTextFromScaled } from '@parallax/types';

/** Decimal text with at least `decimals` decimals: (6500010, 2, 8) gives `65000.10000000`. */
export function paddedText(value: number, scale: number, decimals: number): string {
  const text = textFromScaled(value, scale);
  if (scale >= decimals) return text;
  return (scale === 0 ? `${text}.` : text) + '0'.repeat(decimals - scale);
}

export const priceText = (market: InstrumentMarket, price: number): string =>
  textFromScaled(price, market.specification.priceScale);
export const sizeText = (market: InstrumentMarket, size: number): string =>
  textFromScaled(size, market.specification.sizeScale);
export const trimmedPrice = (market: InstrumentMarket, price: number): string =>
  trimmedTextFromScaled(price, market.specification.priceScale);
export const trimmedSize = (market: InstrumentMarket, size: number): string =>
  trimmedTextFromScaled(size, market.specification.sizeScale);

/** Milliseconds since the epoch. */
export const milliseconds = (atUs: number): number => Math.floor(atUs / 1000);

/** `2026-08-09T21:05:48.350161Z`: always six decimals. */
export function isoMicroseconds(atUs: number): string {
  const seconds = new Date(milliseconds(atUs)).toISOString().slice(0, 19);
  return `${seconds}.${String(atUs % 1_000_000).padStart(6, '0')}Z`;
}

/** The same as Go writes it: trailing zeros of the fraction are left out. */
export function isoTrimmed(atUs: number): string {
  return isoMicroseconds(atUs).replace(/\.?0+Z$/, 'Z');
}

/** Share of `part` in `whole` minus one, in per cent with two decimals; for tickers that nobody computes with. */
export function percentChange(now: number, before: number): string {
  return before === 0 ? '0.00' : ((now / before - 1) * 100).toFixed(2);
}

/** Reads a client's JSON message; undefined when it is none. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export const textList = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
