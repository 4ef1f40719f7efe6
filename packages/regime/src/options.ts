import type { RegimeHorizon } from '@parallax/types';

/**
 * When a market leaves the normal. Moves and volatility are shares (0.01 = 1 %) over the horizon.
 *
 * The defaults of the minute were read off the bars of BTC/USD and BTC/USDT from 1 to 21 March 2023 (the USDC depeg,
 * 30,240 minutes each): 99 % of minutes stay below a realised volatility of 0.51 % and a range of 0.48 %, 99.9 % below
 * 1.15 % and 1.03 %. Each entry threshold lies beyond what all but a few minutes show.
 */
export interface RegimeOptions {
  readonly horizon: Exclude<RegimeHorizon, 'ensemble'>;
  /** Length of the rolling window, in microseconds. */
  readonly horizonUs: number;
  /** Sub-buckets of the window; each is one return of the realised volatility. */
  readonly buckets: number;
  /** Fall from the window's highest mid (or rise from its lowest) at which a flash move is entered. */
  readonly flashMoveEntry: number;
  /** The flash move is over once fall or rise is below this. */
  readonly flashMoveExit: number;
  /** Square root of the sum of squared bucket returns at which HIGH_VOLATILITY is entered. */
  readonly volatilityEntry: number;
  readonly volatilityExit: number;
  /** A state is kept at least so long before a calmer or an equally grave one may follow. */
  readonly minimumDwellUs: number;
  /** Share of the window that must be covered before calm is claimed: for the first NORMAL and for going back to it. */
  readonly minimumCoverage: number;
  /** A price stands for at most so long after the last quote, in microseconds: who told it may be gone. */
  readonly maximumSilenceUs: number;
  /** While a state lasts it is told again when its strength moved by this much … */
  readonly strengthStep: number;
  /** … and at least this long after it was told last. */
  readonly minimumUpdateUs: number;
}

export const MINUTE_REGIME: RegimeOptions = {
  horizon: '1m',
  horizonUs: 60_000_000,
  buckets: 60,
  flashMoveEntry: 0.015,
  flashMoveExit: 0.0075,
  volatilityEntry: 0.006,
  volatilityExit: 0.0035,
  minimumDwellUs: 15_000_000,
  minimumCoverage: 0.5,
  maximumSilenceUs: 10_000_000,
  strengthStep: 0.25,
  minimumUpdateUs: 1_000_000,
};
