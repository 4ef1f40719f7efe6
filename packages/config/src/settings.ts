import { ParallaxError, type FeeRate, type MarketKind } from '@parallax/types';
import type { FeeRates } from './kinds.js';
import type { PaperFaults } from './paper-faults.js';
import { readConfiguration, type Configuration } from './read-configuration.js';
import { refuseTogether } from './refuse-together.js';
import type { Environment } from './system-environment.js';

/** What the services of one market and one account have in common, whichever process they run in. */
export interface Settings {
  readonly market: 'simulated' | 'live';
  readonly account: string;
  readonly venues: readonly string[];
  /** Unified symbols; empty: the built-in choice. */
  readonly symbols: readonly string[];
  /** Taker rates by venue and kind of market: configured ones over the venues' own. */
  readonly takerFees: Readonly<Record<string, FeeRate>>;
  readonly makerFees: Readonly<Record<string, FeeRate>>;
  readonly minimumEdgeBps: string;
  readonly basis: BasisSettings;
  readonly quoteMaxAgeUs: number;
  readonly exits: ExitSettings;
  /** Null: nothing is kept. */
  readonly stateDirectory: string | null;
  /** What goes wrong at paper venues; null: nothing. */
  readonly paperFaults: PaperFaults | null;
  /** Ids of paper venues' journals that are lost for good. */
  readonly lostJournals: readonly string[];
  readonly limits: {
    readonly capital: string;
    readonly maxOrderNotional: string;
    readonly maxPositionNotional: string;
    readonly maxVenueExposure: string;
    readonly maxHourlyLoss: string;
    readonly maxDailyLoss: string;
    readonly minimumEdgeBps: string;
    readonly quoteMaxAgeUs: number;
    readonly regimeMaxAgeUs: number;
  };
}

/** What holding a spot and perpetual pair is assumed to cost; rates are shares as decimal text. */
export interface BasisSettings {
  readonly holdingUs: number;
  /** Per interval; longs pay it to shorts where it is positive. */
  readonly fundingRate: string;
  readonly fundingIntervalUs: number;
  readonly creditFunding: boolean;
  readonly capitalRatePerYear: string;
  readonly borrowRatePerYear: string;
}

/** How long a way out of what stands alone is looked for, and how much of it may be lost meanwhile. */
export interface ExitSettings {
  readonly exitPatienceUs: number;
  /** A multiple of what the dearest exit may cost, decimal text. */
  readonly exitLossLimit: string;
}

/** Of a venue, what settings depend on; decimal text. */
export interface VenueFees {
  readonly id: string;
  readonly fees: Readonly<Partial<Record<MarketKind, { readonly maker: string; readonly taker: string }>>>;
}

/** One currency that an account owns at a venue; decimal text. */
export interface Balance {
  readonly account: string;
  readonly venue: string;
  readonly currency: string;
  readonly amount: string;
}

const HOUR_US = 3_600_000_000;
const BASIS = [
  'BASIS_HOLDING_HOURS', 'BASIS_FUNDING_RATE', 'BASIS_FUNDING_HOURS', 'BASIS_FUNDING_CREDIT', 'BASIS_CAPITAL_RATE', 'BASIS_BORROW_RATE',
] as const;

/** @throws ParallaxError `CONFIG_REFUSED` that lists every bad variable, or the venues that there are not among `venues`. */
export function settingsOf(environment: Environment, venues: ReadonlyMap<string, VenueFees>): Settings {
  const read = readConfiguration(environment, [
    'PARALLAX_MARKET', 'PARALLAX_ACCOUNT', 'PARALLAX_STATE', 'PAPER_FAULTS', 'PAPER_LOST_JOURNALS', 'VENUES', 'SYMBOLS', 'FEES', 'MIN_EDGE_BPS',
    'QUOTE_MAX_AGE_MS', 'REGIME_MAX_AGE_MS', 'EXIT_PATIENCE_MS', 'EXIT_LOSS_LIMIT',
    'CAPITAL', 'MAX_ORDER_NOTIONAL', 'MAX_POSITION_NOTIONAL', 'MAX_VENUE_EXPOSURE', 'MAX_HOURLY_LOSS', 'MAX_DAILY_LOSS',
    ...BASIS,
  ]);
  refuseTogether(venueChecks(environment, venues));
  const quoteMaxAgeUs = read.QUOTE_MAX_AGE_MS * 1000;
  return {
    market: read.PARALLAX_MARKET,
    account: read.PARALLAX_ACCOUNT,
    venues: read.VENUES,
    symbols: read.SYMBOLS,
    ...feesOf(venues, read.FEES),
    minimumEdgeBps: read.MIN_EDGE_BPS,
    basis: basisOf(read),
    quoteMaxAgeUs,
    exits: { exitPatienceUs: read.EXIT_PATIENCE_MS * 1000, exitLossLimit: read.EXIT_LOSS_LIMIT },
    stateDirectory: read.PARALLAX_STATE,
    paperFaults: read.PAPER_FAULTS ?? null,
    lostJournals: read.PAPER_LOST_JOURNALS,
    limits: {
      capital: read.CAPITAL, maxOrderNotional: read.MAX_ORDER_NOTIONAL, maxPositionNotional: read.MAX_POSITION_NOTIONAL,
      maxVenueExposure: read.MAX_VENUE_EXPOSURE, maxHourlyLoss: read.MAX_HOURLY_LOSS, maxDailyLoss: read.MAX_DAILY_LOSS,
      minimumEdgeBps: read.MIN_EDGE_BPS, quoteMaxAgeUs, regimeMaxAgeUs: read.REGIME_MAX_AGE_MS * 1000,
    },
  };
}

/** Whether the variables that name venues name such as there are; each looks at its own. For {@link refuseTogether}. */
export function venueChecks(environment: Environment, venues: ReadonlyMap<string, VenueFees>): (() => void)[] {
  return [
    () => refuseUnknown('VENUES', readConfiguration(environment, ['VENUES']).VENUES, venues),
    () => refuseUnknown('FEES', venuesOf(readConfiguration(environment, ['FEES']).FEES), venues),
  ];
}

/** A venue with a slip in its name would else be missed by nobody. */
function refuseUnknown(variable: 'VENUES' | 'FEES', named: readonly string[], venues: ReadonlyMap<string, VenueFees>): void {
  const unknown = named.filter((venue) => !venues.has(venue)).map((venue) => `"${venue}"`);
  if (unknown.length === 0) return;
  throw new ParallaxError('CONFIG_REFUSED', `${variable} names ${unknown.join(', ')}; the venues are ${[...venues.keys()].join(', ')}`, { place: variable });
}

function venuesOf(rates: FeeRates = {}): string[] {
  return [...new Set(Object.keys(rates).map((key) => key.split(':')[0]))].filter((venue) => venue !== '*');
}

function basisOf(read: Configuration<(typeof BASIS)[number]>): BasisSettings {
  return {
    holdingUs: Math.round(Number(read.BASIS_HOLDING_HOURS) * HOUR_US),
    fundingRate: read.BASIS_FUNDING_RATE,
    fundingIntervalUs: read.BASIS_FUNDING_HOURS * HOUR_US,
    creditFunding: read.BASIS_FUNDING_CREDIT === 'yes',
    capitalRatePerYear: read.BASIS_CAPITAL_RATE,
    borrowRatePerYear: read.BASIS_BORROW_RATE,
  };
}

const KINDS: readonly MarketKind[] = ['spot', 'derivative'];

/**
 * Rates of each venue and kind of market. What is configured wins over the venue's own lowest tier, the most particular first:
 * the venue's kind, the venue, every venue's kind, every venue. A kind that the venue does not list costs what its other does.
 */
export function feesOf(
  venues: ReadonlyMap<string, VenueFees>, configured: FeeRates = {},
): Pick<Settings, 'takerFees' | 'makerFees'> {
  const ratesOf = ({ id, fees }: VenueFees, liquidity: 'maker' | 'taker'): FeeRate =>
    Object.fromEntries(KINDS.flatMap((kind) => {
      const given = configured[`${id}:${kind}`] ?? configured[id] ?? configured[`*:${kind}`] ?? configured['*'];
      const rate = given ?? (fees[kind] ?? fees.spot ?? fees.derivative)?.[liquidity];
      return rate === undefined ? [] : [[kind, rate]];
    }));
  const all = [...venues.values()];
  return {
    takerFees: Object.fromEntries(all.map((venue) => [venue.id, ratesOf(venue, 'taker')])),
    makerFees: Object.fromEntries(all.map((venue) => [venue.id, ratesOf(venue, 'maker')])),
  };
}

/**
 * What the paper account owns at each venue before its first trade: about ten of the largest orders in every currency, so that
 * a venue which is dear or cheap for some minutes does not use it up.
 */
export function paperBalances(account: string, venues: readonly string[]): Balance[] {
  const amounts: Readonly<Record<string, string>> = { USDT: '100000', USD: '100000', USDC: '100000', BTC: '1.5', ETH: '40', SOL: '600' };
  return venues.flatMap((venue) => Object.entries(amounts).map(([currency, amount]) => ({ account, venue, currency, amount })));
}
