import { Side } from '@parallax/book';
import { decimalsOf, withoutExponent, type InstrumentSpecification } from '@parallax/types';
import { digitsAt, FrameFault, tooLarge, type FinerNumber } from './plain.js';
import type { DepthUpdate } from './updates.js';

/** A level's numbers as decimal text, and their places in the frame. */
export interface LevelTexts {
  readonly price: string;
  readonly size: string;
  readonly pricePlace: string;
  readonly sizePlace: string;
}

/**
 * Reads one level into an update: among its numbers where price and size fit, else among the unreadable ones, so that a level too
 * large or too fine for a number does not cost the frame. A bid whose price does not fit is a fault: it would stand before all
 * others.
 */
export function readLevel(update: DepthUpdate, side: Side, written: LevelTexts, specification: InstrumentSpecification): void {
  const { priceScale, sizeScale } = specification;
  const texts = { ...written, price: withoutExponent(written.price), size: withoutExponent(written.size) };
  const finer = finerOf(texts, specification);
  if (finer) return readFiner(update, side, texts, specification, finer);
  const levels = side === Side.bid ? update.bids : update.asks;
  const digits = digitsAt(texts.price, priceScale, texts.pricePlace);
  const price = Number(digits);
  if (price === 0) throw new FrameFault('a price of 0', texts.pricePlace);
  const size = Number(digitsAt(texts.size, sizeScale, texts.sizePlace));
  const isPriceRead = Number.isSafeInteger(price);
  if (isPriceRead && Number.isSafeInteger(size)) return levels.push(price, size);
  if (!isPriceRead && side === Side.bid) throw new FrameFault(tooLarge(texts.price, priceScale), texts.pricePlace);
  update.unreadable.push({
    side, price: isPriceRead ? price : Infinity, digits, stands: size !== 0, after: levels.count,
    reason: isPriceRead ? tooLarge(written.size, sizeScale) : tooLarge(written.price, priceScale),
    place: isPriceRead ? texts.sizePlace : texts.pricePlace,
  });
}

const PLAIN = /^\d+(?:\.\d+)?$/;

/** Which of a level's numbers is finer than its scale, the price first; undefined for neither, and for what is no plain decimal. */
function finerOf({ price, size }: LevelTexts, { priceScale, sizeScale }: InstrumentSpecification): FinerNumber | undefined {
  if (!PLAIN.test(price) || !PLAIN.test(size)) return undefined;
  const [priceDecimals, sizeDecimals] = [decimalsOf(price), decimalsOf(size)];
  if (priceDecimals > priceScale) return { scale: priceScale, decimals: priceDecimals };
  return sizeDecimals > sizeScale ? { scale: sizeScale, decimals: sizeDecimals } : undefined;
}

/** A level whose numbers the scales cannot hold: its price stands for the better step beside it, its size is not known. */
function readFiner(
  update: DepthUpdate, side: Side, texts: LevelTexts, { priceScale }: InstrumentSpecification, finer: FinerNumber,
): void {
  const levels = side === Side.bid ? update.bids : update.asks;
  const [whole, fraction = ''] = texts.price.split('.');
  const kept = fraction.slice(0, priceScale);
  const below = Number(digitsAt(kept === '' ? whole : `${whole}.${kept}`, priceScale, texts.pricePlace));
  const between = decimalsOf(texts.price) > priceScale;
  const price = !between ? below : side === Side.bid ? below + 1 : Math.max(below, 1);
  if (!Number.isSafeInteger(price) || (!between && price === 0)) throw new FrameFault(tooLarge(texts.price, priceScale), texts.pricePlace);
  update.finer = finer;
  update.unreadable.push({
    side, price, digits: between ? `${whole.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}` : String(price), stands: /[1-9]/.test(texts.size),
    after: levels.count, reason: `"${between ? texts.price : texts.size}" is finer than ${finer.scale} decimals`,
    place: between ? texts.pricePlace : texts.sizePlace, ...(between ? { between } : {}),
  });
}
