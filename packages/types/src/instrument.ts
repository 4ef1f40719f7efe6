export type InstrumentKind = 'spot' | 'swap' | 'future';
export type InstrumentStatus = 'trading' | 'halted' | 'cancel-only' | 'post-only' | 'unknown';

/** Where a specification comes from; `inferred` ones were read off a recording and are marked so wherever they show. */
export type SpecificationSource = 'listing' | 'catalogue' | 'file' | 'inferred';

/**
 * One tradable instrument of one venue. Unified symbols and venue ids are ccxt's (`BTC/USDT:USDT`, `binanceusdm`).
 * Prices and sizes are integers at `priceScale` and `sizeScale` decimals; sizes are in the venue's unit (contracts where
 * the venue counts contracts).
 */
export interface InstrumentSpecification {
  readonly venue: string;
  readonly symbol: string;
  /** The venue's own name as its frames write it, e.g. `BTCUSDT`, `BTC-USDT-SWAP`. */
  readonly venueSymbol: string;
  readonly base: string;
  readonly quote: string;
  /** Currency in which profit and loss settle; the quote for spot. */
  readonly settle: string;
  readonly kind: InstrumentKind;
  /** True where value = size × contractSize / price, in the base currency. */
  readonly inverse: boolean;
  /** What one unit of size is, as decimal text: base units (linear, spot `1`) or quote units (inverse). */
  readonly contractSize: string;
  /** Decimals of integer prices: the venue's full precision, often finer than its order step. */
  readonly priceScale: number;
  readonly sizeScale: number;
  /**
   * Decimals with which the venue writes prices into its checksum texts where they are more than `priceScale` (Kraken v1
   * pads with zeros); absent = priceScale.
   */
  readonly priceTextDecimals?: number;
  /** Order steps as integers at the scales above. */
  readonly priceStep: number;
  readonly sizeStep: number;
  /** Smallest order size, integer at sizeScale. */
  readonly minimumSize: number;
  /** Smallest order value in the quote currency (base for inverse), decimal text; `0` where the venue has none. */
  readonly minimumNotional: string;
  readonly status: InstrumentStatus;
  /** Grows by one whenever the venue changes a scale or step; hot events carry it. */
  readonly version: number;
  readonly source: SpecificationSource;
}

/** How many decimals the prices and sizes of an instrument need. */
export interface Decimals {
  readonly price: number;
  readonly size: number;
}

/** The specification with scales at least as fine as asked for, its steps and minima being the same amounts. */
export function atLeastAsFine(specification: InstrumentSpecification, { price, size }: Decimals): InstrumentSpecification {
  const priceScale = Math.max(specification.priceScale, price);
  const sizeScale = Math.max(specification.sizeScale, size);
  const [finerPrice, finerSize] = [10 ** (priceScale - specification.priceScale), 10 ** (sizeScale - specification.sizeScale)];
  if (finerPrice === 1 && finerSize === 1) return specification;
  return {
    ...specification, priceScale, sizeScale, priceStep: specification.priceStep * finerPrice,
    sizeStep: specification.sizeStep * finerSize, minimumSize: specification.minimumSize * finerSize,
  };
}

/**
 * `next` as the successor of `known`: a version higher where an integer of the one would mean something else in the other,
 * so that nobody reads a price at the wrong scale, and where the venue has another contract under the symbol; else the same
 * version. Scales never grow coarser: books keep orders from before a step grew, at numbers that the new listing does not tell of.
 */
export function successorOf(known: InstrumentSpecification, listed: InstrumentSpecification): InstrumentSpecification {
  const next = atLeastAsFine(listed, { price: known.priceScale, size: known.sizeScale });
  const same =
    known.venueSymbol === next.venueSymbol &&
    known.priceScale === next.priceScale && known.sizeScale === next.sizeScale &&
    known.priceStep === next.priceStep && known.sizeStep === next.sizeStep &&
    known.contractSize === next.contractSize && known.inverse === next.inverse;
  return { ...next, version: same ? known.version : known.version + 1 };
}

/** The stable text key of an instrument, `binance:BTC/USDT`. */
export function instrumentKey(venue: string, symbol: string): string {
  return `${venue}:${symbol}`;
}
