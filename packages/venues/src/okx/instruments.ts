import {
  decimalsOf, scaledFromText, trimmedTextFromScaled, type InstrumentKind, type InstrumentSpecification, type InstrumentStatus,
} from '@parallax/types';
import type { VenueListing } from '../shared/definition.js';
import { FrameFault, objectAt, textAt, wordsOf, type JsonObject } from '../shared/plain.js';
import { readEntries } from '../shared/entries.js';

export const REST = 'https://www.okx.com';
const TYPES = ['SPOT', 'SWAP', 'FUTURES'] as const;
const KINDS: Readonly<Record<string, InstrumentKind>> = { __proto__: null as never, SPOT: 'spot', SWAP: 'swap', FUTURES: 'future' };
const STATUSES: Readonly<Record<string, InstrumentStatus>> = {
  __proto__: null as never,
  live: 'trading', suspend: 'halted', preopen: 'halted', rebase: 'halted', test: 'halted', expired: 'halted',
  post_only: 'post-only',
};
/** Books may hold sizes finer than the present lot, from before it changed. */
const SPARE_DECIMALS = 2;

/** The exact product of two decimal texts, without trailing zeros. */
function product(left: string, right: string): string {
  const [a, b] = [decimalsOf(left), decimalsOf(right)];
  const value = scaledFromText(left, a) * scaledFromText(right, b);
  if (!Number.isSafeInteger(value)) throw new FrameFault(`${left} × ${right} is not exact`, 'ctVal');
  return trimmedTextFromScaled(value, a + b);
}

/** `260327` of the expiry in milliseconds (08:00 UTC on that day). */
function expiryOf(entry: JsonObject): string {
  const text = textAt(entry.expTime, 'expTime');
  if (!/^\d{12,14}$/.test(text)) throw new FrameFault(`"${text}" is no time in milliseconds`, 'expTime');
  return new Date(Number(text)).toISOString().slice(2, 10).replaceAll('-', '');
}

/** Base and quote of a derivative stand in `uly` (`BTC-USD`); `instFamily` may name a margin variant (`BTC-USD_UM`). */
function underlyingOf(entry: JsonObject): [string, string] {
  const [base, quote, more] = textAt(entry.uly, 'uly').split('-');
  if (!base || !quote || more !== undefined) throw new FrameFault(`"${wordsOf(entry.uly)}" is no pair`, 'uly');
  return [base, quote];
}

/** One entry of `/public/instruments`; null for options, which Parallax does not trade. */
export function readEntry(entry: JsonObject): InstrumentSpecification | null {
  const type = textAt(entry.instType, 'instType');
  const kind = KINDS[type];
  if (kind === undefined) return null;
  const spot = kind === 'spot';
  const [base, quote] = spot ? [textAt(entry.baseCcy, 'baseCcy'), textAt(entry.quoteCcy, 'quoteCcy')] : underlyingOf(entry);
  const settle = spot ? quote : textAt(entry.settleCcy, 'settleCcy');
  const inverse = !spot && textAt(entry.ctType, 'ctType') === 'inverse';
  if (!spot && entry.ctValCcy !== (inverse ? quote : base)) {
    throw new FrameFault(`a contract in ${wordsOf(entry.ctValCcy)}, neither ${base} linear nor ${quote} inverse`, 'ctValCcy');
  }
  const suffix = kind === 'future' ? `:${settle}-${expiryOf(entry)}` : `:${settle}`;
  const tick = textAt(entry.tickSz, 'tickSz');
  const lot = textAt(entry.lotSz, 'lotSz');
  const priceScale = decimalsOf(tick);
  const sizeScale = decimalsOf(lot) + SPARE_DECIMALS;
  return {
    venue: 'okx', symbol: spot ? `${base}/${quote}` : `${base}/${quote}${suffix}`, venueSymbol: textAt(entry.instId, 'instId'),
    base, quote, settle, kind, inverse,
    contractSize: spot ? '1' : product(textAt(entry.ctVal, 'ctVal'), textAt(entry.ctMult, 'ctMult')),
    priceScale, sizeScale,
    priceStep: scaledFromText(tick, priceScale), sizeStep: scaledFromText(lot, sizeScale),
    minimumSize: scaledFromText(textAt(entry.minSz, 'minSz'), sizeScale),
    minimumNotional: '0',
    status: STATUSES[textAt(entry.state, 'state')] ?? 'unknown', version: 1, source: 'listing',
  };
}

/** One request for each type of instrument. */
export const LISTING: VenueListing = {
  urls: (endpoints) => TYPES.map((type) => `${endpoints?.rest ?? REST}/api/v5/public/instruments?instType=${type}`),
  read: (text, onRefused) =>
    readEntries(text, onRefused, 'data', (body) => {
      if (body.code !== '0') throw new FrameFault(`the venue answers ${wordsOf(body.code)} ${wordsOf(body.msg)}`, 'code');
      return body.data;
    }, (value, place) => readEntry(objectAt(value, place))),
};

const spot = (base: string, quote: string, priceScale: number, lot: number): InstrumentSpecification => ({
  venue: 'okx', symbol: `${base}/${quote}`, venueSymbol: `${base}-${quote}`,
  base, quote, settle: quote, kind: 'spot', inverse: false, contractSize: '1',
  priceScale, sizeScale: lot + SPARE_DECIMALS, priceStep: 1, sizeStep: 100, minimumSize: 100,
  minimumNotional: '0', status: 'unknown', version: 1, source: 'catalogue',
});

const swap = (base: string, quote: string, contractSize: string, priceScale: number, lot: number): InstrumentSpecification => {
  const inverse = quote === 'USD';
  const settle = inverse ? base : quote;
  return {
    venue: 'okx', symbol: `${base}/${quote}:${settle}`, venueSymbol: `${base}-${quote}-SWAP`,
    base, quote, settle, kind: 'swap', inverse, contractSize,
    priceScale, sizeScale: lot + SPARE_DECIMALS, priceStep: 1, sizeStep: 100, minimumSize: 100,
    minimumNotional: '0', status: 'unknown', version: 1, source: 'catalogue',
  };
};

/** Well-known instruments: tick, lot and contract as `/public/instruments` listed them in 2022 to 2026. */
export const CATALOGUE: readonly InstrumentSpecification[] = [
  spot('BTC', 'USDT', 1, 8), spot('ETH', 'USDT', 2, 6), spot('SOL', 'USDT', 2, 6), spot('XRP', 'USDT', 4, 6),
  spot('BTC', 'USDC', 1, 8), spot('ETH', 'USDC', 2, 6), spot('ETH', 'BTC', 5, 6),
  swap('BTC', 'USDT', '0.01', 1, 2), swap('ETH', 'USDT', '0.1', 2, 2), swap('SOL', 'USDT', '1', 2, 2),
  swap('XRP', 'USDT', '100', 4, 2),
  swap('BTC', 'USD', '100', 1, 0), swap('ETH', 'USD', '10', 2, 0),
];
