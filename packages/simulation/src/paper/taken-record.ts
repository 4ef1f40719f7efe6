import { ParallaxError, scaledFromText, trimmedTextFromScaled, type InstrumentSpecification } from '@parallax/types';
import type { TakenLevel } from '../matching-terms.js';

/** What orders of one side took of one level, as text: it must be readable where the instrument has other scales by then. */
export interface TakenRecord {
  readonly kind: 'taken';
  readonly symbol: string;
  /** The side of the orders that took: buys take asks. */
  readonly by: 'buy' | 'sell';
  readonly price: string;
  /** All that is taken of the level. */
  readonly size: string;
  /** What the market showed there; the level is taken until it shows something else. */
  readonly visible: string;
  readonly atUs: number;
}

export const levelKeyOf = ({ symbol, by, price }: Pick<TakenRecord, 'symbol' | 'by' | 'price'>): string => `${symbol} ${by} ${price}`;

export function takenRecordOf({ symbol, priceScale, sizeScale }: InstrumentSpecification, { side, price, size, visible }: TakenLevel, atUs: number): TakenRecord {
  return {
    kind: 'taken', symbol, by: side === 1 ? 'buy' : 'sell', price: trimmedTextFromScaled(price, priceScale),
    size: trimmedTextFromScaled(size, sizeScale), visible: trimmedTextFromScaled(visible, sizeScale), atUs,
  };
}

/** The level at the instrument's scales; null where they cannot express it, and so cannot show it. */
export function takenLevelOf({ priceScale, sizeScale }: InstrumentSpecification, { by, price, size, visible }: TakenRecord): TakenLevel | null {
  try {
    return {
      side: by === 'buy' ? 1 : -1, price: scaledFromText(price, priceScale),
      size: scaledFromText(size, sizeScale), visible: scaledFromText(visible, sizeScale),
    };
  } catch (error) {
    if (error instanceof ParallaxError) return null;
    throw error;
  }
}
