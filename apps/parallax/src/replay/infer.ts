import { readRecording, type Recording } from '@parallax/recordings';
import { decimalsOf, ParallaxError, type Decimals, type InstrumentSpecification } from '@parallax/types';

/** How much of a recording is read to infer what it does not say. */
const SAMPLE_ENTRIES = 20_000;

/**
 * Levels as the venues write them: `["price","size"` (Binance, OKX), `"price":1,"qty":2` (Kraken v2), `"price_level":"1","new_quantity":"2"`
 * (Coinbase).
 */
const LEVELS = [
  /\["(\d+(?:\.\d+)?)","(\d+(?:\.\d+)?)"/g,
  /"price":(\d+(?:\.\d+)?),"qty":(\d+(?:\.\d+)?)/g,
  /"price_level":"(\d+(?:\.\d+)?)","new_quantity":"(\d+(?:\.\d+)?)"/g,
];
/** Where a frame names its symbol: `s` (Binance), `instId` (OKX), `symbol` (Kraken v2), `product_id` (Coinbase). */
const NAMED = /"(?:s|instId|symbol|product_id)":"([^"]{1,60})"/g;

function widened({ price: known, size: knownSize }: Decimals, text: string): Decimals {
  let [price, size] = [known, knownSize];
  for (const pattern of LEVELS) {
    for (const [, priceText, sizeText] of text.matchAll(pattern)) {
      price = Math.max(price, decimalsOf(priceText));
      size = Math.max(size, decimalsOf(sizeText));
    }
  }
  return { price, size };
}

/**
 * What the beginning of a recording says of its symbols, by the venue's own names: the decimals of their levels. After a venue
 * made a tick coarser, old orders still stand at finer prices, and a listing does not tell (Binance's CTKUSDT of 2021: tick
 * 0.001, levels at 0.50579).
 */
export async function decimalsIn(recording: Recording): Promise<Map<string, Decimals>> {
  const found = new Map<string, Decimals>();
  let entries = 0;
  for await (const { kind, bytes, venueSymbol } of readRecording(recording, () => {})) {
    if (++entries > SAMPLE_ENTRIES) break;
    if (kind !== 'stream' && kind !== 'snapshot') continue;
    const text = new TextDecoder().decode(bytes);
    const names = recording.venueSymbol !== '' ? [recording.venueSymbol] : venueSymbol !== '' ? [venueSymbol] : [...new Set([...text.matchAll(NAMED)].map(([, name]) => name))];
    for (const name of names) found.set(name, widened(found.get(name) ?? { price: 0, size: 0 }, text));
  }
  return found;
}

/**
 * A specification of a symbol that neither listing nor catalogue knows, marked `inferred`.
 * @throws ParallaxError `INPUT_REFUSED` where its name does not tell base and quote, or what a contract is worth.
 */
export function inferred(venue: string, venueSymbol: string, symbol: string | undefined, { price, size }: Decimals): InstrumentSpecification {
  const { base, quote, settle, unified } = nameOf(venue, venueSymbol, symbol);
  const inverse = venue === 'binancecoinm';
  return {
    venue, symbol: unified, venueSymbol, base, quote, settle,
    kind: unified.includes(':') ? 'swap' : 'spot', inverse, contractSize: inverse ? '10' : '1',
    priceScale: price, sizeScale: size, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
    status: 'unknown', version: 1, source: 'inferred',
  };
}

const QUOTES = ['USDT', 'USDC', 'FDUSD', 'TUSD', 'BUSD', 'USD', 'EUR', 'TRY', 'BTC', 'ETH', 'BNB'];

function nameOf(venue: string, venueSymbol: string, symbol: string | undefined): { base: string; quote: string; settle: string; unified: string } {
  if (symbol !== undefined) {
    const [pair, settle] = symbol.split(':');
    const [base, quote] = pair.split('/');
    if (!base || !quote) throw new ParallaxError('INPUT_REFUSED', `"${symbol}" is no symbol; write it like BTC/USDT:USDT`, { place: '--symbol' });
    return { base, quote, settle: settle ?? quote, unified: symbol };
  }
  if (!venue.startsWith('binance')) {
    const [base, quote, more] = venueSymbol.split(/[-/]/);
    if (base && quote && more === undefined) return { base, quote, settle: quote, unified: `${base}/${quote}` };
    throw new ParallaxError('INPUT_REFUSED', `what ${venueSymbol} of ${venue} is, nothing here says; give --instruments`, { place: '--instruments' });
  }
  const plain = venueSymbol.replace(/_PERP$/, '');
  const quote = QUOTES.find((one) => plain.endsWith(one) && plain.length > one.length);
  if (!quote) throw new ParallaxError('INPUT_REFUSED', `cannot tell base and quote of ${venueSymbol}; say --symbol`, { place: '--symbol' });
  const base = plain.slice(0, -quote.length);
  if (venue === 'binanceusdm') return { base, quote, settle: quote, unified: `${base}/${quote}:${quote}` };
  if (venue === 'binancecoinm') return { base, quote, settle: base, unified: `${base}/${quote}:${base}` };
  return { base, quote, settle: quote, unified: `${base}/${quote}` };
}
