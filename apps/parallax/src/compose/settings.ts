import { readConfiguration, type Environment } from '@parallax/config';
import { DEFAULT_EXECUTION_OPTIONS, type ExecutionOptions } from '@parallax/execution';
import type { VenueDefinition } from '@parallax/venues';

/** What every composition of the services needs, read once from the environment. */
export interface Settings {
  readonly market: 'simulated' | 'live';
  readonly account: string;
  readonly venues: readonly string[];
  /** Unified symbols; empty: the built-in choice. */
  readonly symbols: readonly string[];
  /** Taker rates by venue, decimal text: configured ones over the venues' own. */
  readonly takerFees: Readonly<Record<string, string>>;
  readonly makerFees: Readonly<Record<string, string>>;
  readonly minimumEdgeBps: string;
  readonly quoteMaxAgeUs: number;
  /** Null: nothing is kept. */
  readonly stateDirectory: string | null;
  readonly limits: {
    readonly capital: string;
    readonly maxOrderNotional: string;
    readonly maxPositionNotional: string;
    readonly maxVenueExposure: string;
    readonly maxHourlyLoss: string;
    readonly maxDailyLoss: string;
    readonly quoteMaxAgeUs: number;
  };
}

/** @throws ParallaxError `CONFIG_REFUSED` that lists every bad variable. */
export function settingsOf(environment: Environment, venues: ReadonlyMap<string, VenueDefinition>): Settings {
  const read = readConfiguration(environment, [
    'PARALLAX_MARKET', 'PARALLAX_ACCOUNT', 'PARALLAX_STATE', 'VENUES', 'SYMBOLS', 'FEES', 'MIN_EDGE_BPS', 'QUOTE_MAX_AGE_MS',
    'CAPITAL', 'MAX_ORDER_NOTIONAL', 'MAX_POSITION_NOTIONAL', 'MAX_VENUE_EXPOSURE', 'MAX_HOURLY_LOSS', 'MAX_DAILY_LOSS',
  ]);
  const quoteMaxAgeUs = read.QUOTE_MAX_AGE_MS * 1000;
  return {
    market: read.PARALLAX_MARKET === 'live' ? 'live' : 'simulated',
    account: read.PARALLAX_ACCOUNT,
    venues: read.VENUES,
    symbols: read.SYMBOLS,
    ...feesOf(venues, read.FEES),
    minimumEdgeBps: read.MIN_EDGE_BPS,
    quoteMaxAgeUs,
    stateDirectory: read.PARALLAX_STATE,
    limits: {
      capital: read.CAPITAL, maxOrderNotional: read.MAX_ORDER_NOTIONAL, maxPositionNotional: read.MAX_POSITION_NOTIONAL,
      maxVenueExposure: read.MAX_VENUE_EXPOSURE, maxHourlyLoss: read.MAX_HOURLY_LOSS, maxDailyLoss: read.MAX_DAILY_LOSS, quoteMaxAgeUs,
    },
  };
}

/** Rates of each venue; one rate for all (`*`) or by venue wins over the venue's own lowest tier. */
export function feesOf(
  venues: ReadonlyMap<string, VenueDefinition>, configured: unknown,
): Pick<Settings, 'takerFees' | 'makerFees'> {
  const given = (configured ?? {}) as Readonly<Record<string, string>>;
  const rate = (venue: string, own: string): string => given[venue] ?? given['*'] ?? own;
  const all = [...venues.values()];
  return {
    takerFees: Object.fromEntries(all.map(({ id, fees }) => [id, rate(id, fees.taker)])),
    makerFees: Object.fromEntries(all.map(({ id, fees }) => [id, rate(id, fees.maker)])),
  };
}

/** What the paper account owns at each venue before its first trade, by currency; decimal text. */
export function paperBalances(account: string, venues: readonly string[]): ExecutionOptions['balances'] {
  const amounts: Readonly<Record<string, string>> = { USDT: '20000', USD: '20000', USDC: '20000', BTC: '0.3', ETH: '8', SOL: '120' };
  return venues.flatMap((venue) => Object.entries(amounts).map(([currency, amount]) => ({ account, venue, currency, amount })));
}

export function executionOptions(settings: Settings): ExecutionOptions {
  return {
    ...DEFAULT_EXECUTION_OPTIONS,
    quoteAgeUs: settings.quoteMaxAgeUs,
    takerFees: settings.takerFees,
    balances: paperBalances(settings.account, settings.venues),
  };
}
