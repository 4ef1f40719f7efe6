import { Side } from '@parallax/book';
import type { InstrumentSpecification } from '@parallax/types';
import { digitsAt, FrameFault, tooLarge } from './plain.js';
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
 * large for a number does not cost the frame. A bid whose price does not fit is a fault: it would stand before all others.
 */
export function readLevel(update: DepthUpdate, side: Side, texts: LevelTexts, { priceScale, sizeScale }: InstrumentSpecification): void {
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
    reason: isPriceRead ? tooLarge(texts.size, sizeScale) : tooLarge(texts.price, priceScale),
    place: isPriceRead ? texts.sizePlace : texts.pricePlace,
  });
}
