import type { EventOrigin, FeeRate } from '@parallax/types';

/** Taker fees as decimal text (`0.001` is 0.1 %), the most particular first: instrument key, venue, default. */
export interface FeeOptions {
  readonly default: string;
  readonly byVenue?: Readonly<Record<string, FeeRate>>;
  /** Keys are `venue:symbol`. */
  readonly byInstrument?: Readonly<Record<string, string>>;
}

/** What holding a basis until its exit is assumed to cost; rates as decimal text. */
export interface BasisOptions {
  /** How long the pair is held before spot and perpetual are expected to meet. */
  readonly holdingUs: number;
  /** Funding that longs pay to shorts every `fundingIntervalUs`; negative: shorts pay. Keys are `venue:symbol`. */
  readonly fundingRate: { readonly default: string; readonly byInstrument?: Readonly<Record<string, string>> };
  readonly fundingIntervalUs: number;
  /** Whether expected funding income counts as profit; false counts only what would be paid. */
  readonly creditFunding: boolean;
  /** Yearly price of the money that both legs bind. */
  readonly capitalRatePerYear: string;
  /** Yearly price of the base currency that a sold spot leg takes from the inventory. */
  readonly borrowRatePerYear: string;
}

/** What a venue holds for us. */
export interface Inventory {
  /** Decimal text; null = as much as wanted (paper balances everywhere). */
  available(venue: string, currency: string): string | null;
}

export interface ArbitrageOptions {
  readonly fees: FeeOptions;
  /** Smallest net edge, in basis points of the bought value, at which an opportunity opens. */
  readonly minimumEdgeBps: number;
  /**
   * An open one closes when its net edge falls below this; lower than the minimum, so that it does not flap. Between the two it is
   * shown, and its receipt says that it does not hold the minimum: whoever acts on it looks there.
   */
  readonly closeEdgeBps: number;
  /** Oldest last change of a quote, and oldest proof that its channel lives. */
  readonly quoteMaximumAgeUs: number;
  readonly proofMaximumAgeUs: number;
  /** Largest bought value of one opportunity in its quote currency, decimal text. */
  readonly maximumNotional: string;
  /** Levels of each side that are walked. */
  readonly depthLevels: number;
  /** An open opportunity is told again when its net edge moved by this many basis points … */
  readonly updateEdgeBps: number;
  /** … and at least so long after it was told or computed last. */
  readonly updateIntervalUs: number;
  /** An open one is computed anew at a quote at least this often, whatever its edge at the best prices says. */
  readonly reviewIntervalUs: number;
  /** After a close, the same pair and direction rests so long before it may open again; 0 = at once. */
  readonly reopenAfterUs: number;
  readonly basis: BasisOptions;
  readonly inventory: Inventory;
  /** Trace context of an opportunity from the frame that opened it; absent = none is written. */
  readonly traceparentOf?: (origin: EventOrigin) => string;
}

export const PAPER_EVERYWHERE: Inventory = { available: () => null };

/** Balances as a table; a venue or currency that is not listed holds nothing. */
export function inventoryOf(balances: Readonly<Record<string, Readonly<Record<string, string>>>>): Inventory {
  return { available: (venue, currency) => balances[venue]?.[currency] ?? '0' };
}

const HOUR_US = 3_600_000_000;

export const DEFAULT_BASIS: BasisOptions = {
  holdingUs: 24 * HOUR_US,
  // Binance, OKX and Bybit pay every 8 hours; the interest part of their formula is 0.01 % per interval.
  fundingRate: { default: '0.0001' },
  fundingIntervalUs: 8 * HOUR_US,
  creditFunding: false,
  capitalRatePerYear: '0.05',
  borrowRatePerYear: '0.1',
};

/** Defaults of everything; give what differs. `closeEdgeBps` follows as half of the minimum where it is not given. */
export function arbitrageOptions(given: Partial<ArbitrageOptions> = {}): ArbitrageOptions {
  const minimumEdgeBps = given.minimumEdgeBps ?? 20;
  return {
    fees: { default: '0.001' },
    quoteMaximumAgeUs: 5_000_000,
    proofMaximumAgeUs: 2_000_000,
    maximumNotional: '10000',
    depthLevels: 50,
    updateEdgeBps: 1,
    updateIntervalUs: 250_000,
    reviewIntervalUs: 1_000_000,
    reopenAfterUs: 0,
    basis: DEFAULT_BASIS,
    inventory: PAPER_EVERYWHERE,
    ...given,
    minimumEdgeBps,
    closeEdgeBps: given.closeEdgeBps ?? minimumEdgeBps / 2,
  };
}
