/** Premium average over this many seconds, as weight per second. */
const WEIGHT = 1 / 600;
/** Interest part and bounds per 8 hours, as at Binance and OKX by default. */
const INTEREST = 0.0001;
const CLAMP = 0.0005;
const LIMIT = 0.00375;
export const FUNDING_INTERVAL_US = 8 * 3_600 * 1_000_000;

const clamp = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, value));

/**
 * Funding per 8 hours: average premium + clamp(interest − premium, ±0.05 %), limited to ±0.375 %, the rule that Binance
 * and OKX document for their perpetuals.
 */
export class FundingRate {
  private premium = 0;

  advance(seconds: number, premium: number): void {
    this.premium += (premium - this.premium) * Math.min(1, WEIGHT * seconds);
  }

  /** Integer at 8 decimals: 10000 is 0.01 %. */
  get rateE8(): number {
    return Math.round(clamp(this.premium + clamp(INTEREST - this.premium, CLAMP), LIMIT) * 1e8);
  }

  /** The next funding moment after `atUs`: 00:00, 08:00 and 16:00 UTC. */
  nextAtUs(atUs: number): number {
    return (Math.floor(atUs / FUNDING_INTERVAL_US) + 1) * FUNDING_INTERVAL_US;
  }
}
