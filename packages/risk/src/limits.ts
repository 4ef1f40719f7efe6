import { REGIME_MAX_AGE_US, type RegimeName } from '@parallax/types';

/**
 * What an account may do. Amounts are decimal text in `currency`, shares are decimal text of 1, times are microseconds.
 */
export interface RiskLimits {
  /** The currency of every amount below; other currencies count only by `conversions`. */
  readonly currency: string;
  readonly capital: string;
  /** Largest value of one order, exits included. */
  readonly maxOrderNotional: string;
  /** Largest value of the position in one instrument, with everything reserved. */
  readonly maxPositionNotional: string;
  /** Largest share of `capital` open and reserved at one venue. */
  readonly maxVenueExposure: string;
  readonly maxHourlyLoss: string;
  readonly maxDailyLoss: string;
  /** How long ago the venue may last have proved a leg's quote. */
  readonly quoteMaxAgeUs: number;
  /** How long ago a leg's regime may last have been told to stand; older, and before the first, new exposure is refused. */
  readonly regimeMaxAgeUs: number;
  /** How long after it is judged an intent, and so its approval, may at most be good. */
  readonly maxValidityUs: number;
  /** Pause of a pair of instruments after a refusal, a loss or a failed leg. */
  readonly cooldownUs: number;
  /** What share of a plan's size each market regime allows; `0` refuses new exposure. */
  readonly regimeFactors: Readonly<Record<RegimeName, string>>;
  /** How far the legs' base amounts may differ, as a share of the larger one. */
  readonly legTolerance: string;
  /** Largest cost limit of one exit as a share of the largest leg's value. */
  readonly maxExitCost: string;
  /** Collateral held for one unit of derivative value. */
  readonly marginRate: string;
  /** Held beside an order's value for its fee, as a share of it. */
  readonly feeAllowance: string;
  /** What a plan must still bring at the current quotes, at the size that is allowed; refused at or below it. */
  readonly minimumNet: string;
  /** The same in basis points of what it buys; refused below it. */
  readonly minimumEdgeBps: string;
  /** How long after expiry, or after the last news of an order, a reservation is kept. */
  readonly reservationGraceUs: number;
  /** What one unit of another currency is worth in `currency`: a priced conversion, decimal text. */
  readonly conversions: Readonly<Record<string, string>>;
}

export const DEFAULT_LIMITS: RiskLimits = {
  currency: 'USDT',
  capital: '100000',
  maxOrderNotional: '10000',
  maxPositionNotional: '20000',
  maxVenueExposure: '0.3',
  maxHourlyLoss: '500',
  maxDailyLoss: '2000',
  quoteMaxAgeUs: 2_000_000,
  regimeMaxAgeUs: REGIME_MAX_AGE_US,
  maxValidityUs: 60_000_000,
  cooldownUs: 1_000_000,
  regimeFactors: { FLASH_CRASH: '0', FLASH_PUMP: '0', HIGH_VOLATILITY: '0.5', NORMAL: '1' },
  legTolerance: '0.001',
  maxExitCost: '0.02',
  marginRate: '1',
  feeAllowance: '0.002',
  minimumNet: '0',
  minimumEdgeBps: '0',
  reservationGraceUs: 5_000_000,
  conversions: {},
};
