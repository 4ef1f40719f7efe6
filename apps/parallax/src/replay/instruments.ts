import { readFile } from 'node:fs/promises';
import { readRecording, type Recording } from '@parallax/recordings';
import { decimalsOf, ParallaxError, type InstrumentSpecification } from '@parallax/types';
import { decodeJson, instrumentSpecificationSchema } from '@parallax/wire';
import { z } from 'zod';

/** How much of a recording is read to infer what it does not say. */
const SAMPLE_ENTRIES = 20_000;

/**
 * The instruments of a recording, best source first: `--instruments`, the recording's own listing, the catalogue; and for
 * a symbol that none of them knows, scales inferred from the numbers that its frames carry, marked `inferred`.
 */
export async function instrumentsOf(recording: Recording, symbol: string | undefined, file: string | undefined): Promise<InstrumentSpecification[]> {
  const { definition } = recording;
  const found = new Map<string, InstrumentSpecification>(definition.catalogue.map((one) => [one.venueSymbol, one]));
  for (const one of await listed(recording)) found.set(one.venueSymbol, one);
  for (const one of file === undefined ? [] : await fromFile(file)) if (one.venue === definition.id) found.set(one.venueSymbol, one);
  // The file's own frames say what it is of; a wish that contradicts them is a mistake to be told.
  const wanted = recording.venueSymbol === '' && symbol !== undefined ? venueSymbolOf([...found.values()], symbol) : recording.venueSymbol;
  const known = found.get(wanted);
  if (known && symbol !== undefined && known.symbol !== symbol) {
    throw new ParallaxError('INPUT_REFUSED', `${recording.file} is of ${known.symbol}, not of ${symbol}`, { place: '--symbol' });
  }
  if (wanted !== '' && !known) found.set(wanted, await infer(recording, wanted, symbol));
  await widen(recording, found);
  return [...found.values()];
}

function venueSymbolOf(known: readonly InstrumentSpecification[], symbol: string): string {
  return known.find((one) => one.symbol === symbol)?.venueSymbol ?? '';
}

async function listed(recording: Recording): Promise<InstrumentSpecification[]> {
  if (recording.format === 'timestamped') return [];
  const found: InstrumentSpecification[] = [];
  for await (const entry of readRecording(recording, () => {})) {
    if (entry.kind === 'stream') break;
    if (entry.kind === 'listing') found.push(...recording.definition.listing.read(new TextDecoder().decode(entry.bytes), () => {}));
  }
  return found;
}

async function fromFile(file: string): Promise<InstrumentSpecification[]> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw new ParallaxError('INPUT_REFUSED', `cannot read ${file}: ${error.message}`, { place: '--instruments' });
  });
  try {
    return decodeJson(z.array(instrumentSpecificationSchema), bytes);
  } catch (error) {
    throw new ParallaxError('INPUT_REFUSED', `${file} is no list of instrument specifications: ${(error as Error).message}`, { place: '--instruments' });
  }
}

/**
 * Makes scales as fine as the snapshots need: after a venue made a tick coarser, old orders still stand at finer prices,
 * and the listing does not tell (Binance's CTKUSDT of 2021: tick 0.001, levels at 0.50579).
 */
async function widen(recording: Recording, found: Map<string, InstrumentSpecification>): Promise<void> {
  let entries = 0;
  for await (const { kind, bytes, venueSymbol } of readRecording(recording, () => {})) {
    if (++entries > SAMPLE_ENTRIES) break;
    const known = kind === 'snapshot' ? found.get(venueSymbol) : undefined;
    if (!known) continue;
    const { price, size } = decimalsWithin(bytes);
    if (price > known.priceScale || size > known.sizeScale) found.set(venueSymbol, rescaled(known, price, size));
  }
}

/** The specification with scales at least as fine as asked for, its steps being the same amounts. */
function rescaled(known: InstrumentSpecification, price: number, size: number): InstrumentSpecification {
  const priceScale = Math.max(known.priceScale, price);
  const sizeScale = Math.max(known.sizeScale, size);
  const finer = 10 ** (sizeScale - known.sizeScale);
  return {
    ...known, priceScale, sizeScale, priceStep: known.priceStep * 10 ** (priceScale - known.priceScale),
    sizeStep: known.sizeStep * finer, minimumSize: known.minimumSize * finer,
  };
}

function decimalsWithin(bytes: Uint8Array): { price: number; size: number } {
  const decimals = { price: 0, size: 0 };
  for (const [, price, size] of new TextDecoder().decode(bytes).matchAll(LEVEL)) {
    decimals.price = Math.max(decimals.price, decimalsOf(price));
    decimals.size = Math.max(decimals.size, decimalsOf(size));
  }
  return decimals;
}

/** Reads levels of Binance-shaped frames and snapshots: `["price","size"]`. */
const LEVEL = /\["(\d+(?:\.\d+)?)","(\d+(?:\.\d+)?)"/g;

async function infer(recording: Recording, venueSymbol: string, symbol: string | undefined): Promise<InstrumentSpecification> {
  let priceScale = 0;
  let sizeScale = 0;
  let entries = 0;
  for await (const { bytes } of readRecording(recording, () => {})) {
    const { price, size } = decimalsWithin(bytes);
    priceScale = Math.max(priceScale, price);
    sizeScale = Math.max(sizeScale, size);
    if (++entries === SAMPLE_ENTRIES) break;
  }
  const { base, quote, settle, unified } = nameOf(recording.definition.id, venueSymbol, symbol);
  const inverse = recording.definition.id === 'binancecoinm';
  return {
    venue: recording.definition.id, symbol: unified, venueSymbol, base, quote, settle,
    kind: unified.includes(':') ? 'swap' : 'spot', inverse, contractSize: inverse ? '10' : '1',
    priceScale, sizeScale, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
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
  const plain = venueSymbol.replace(/_PERP$/, '');
  const quote = QUOTES.find((one) => plain.endsWith(one) && plain.length > one.length);
  if (!quote) throw new ParallaxError('INPUT_REFUSED', `cannot tell base and quote of ${venueSymbol}; say --symbol`, { place: '--symbol' });
  const base = plain.slice(0, -quote.length);
  if (venue === 'binanceusdm') return { base, quote, settle: quote, unified: `${base}/${quote}:${quote}` };
  if (venue === 'binancecoinm') return { base, quote, settle: base, unified: `${base}/${quote}:${base}` };
  return { base, quote, settle: quote, unified: `${base}/${quote}` };
}
