/** The meaning and bounds of each limit: what the validator checks and the gateway shows. */
export interface LimitField {
  readonly name: string;
  readonly kind: 'amount' | 'share' | 'duration' | 'currency' | 'factors' | 'conversions';
  readonly unit: string;
  readonly meaning: string;
  /** Smallest allowed value of an amount or share, exclusive where `aboveZero`. */
  readonly aboveZero?: boolean;
  /** Largest allowed share. */
  readonly atMost?: number;
}

export const LIMIT_FIELDS: readonly LimitField[] = [
  { name: 'currency', kind: 'currency', unit: 'currency code', meaning: 'currency of every amount' },
  { name: 'capital', kind: 'amount', unit: 'currency', meaning: 'capital of the account', aboveZero: true },
  { name: 'maxOrderNotional', kind: 'amount', unit: 'currency', meaning: 'largest value of one order' },
  { name: 'maxPositionNotional', kind: 'amount', unit: 'currency', meaning: 'largest position in one instrument' },
  { name: 'maxVenueExposure', kind: 'share', unit: 'share of capital', meaning: 'largest exposure at one venue', atMost: 1 },
  { name: 'maxHourlyLoss', kind: 'amount', unit: 'currency', meaning: 'loss within an hour that stops new plans' },
  { name: 'maxDailyLoss', kind: 'amount', unit: 'currency', meaning: 'loss of a UTC day that stops new plans' },
  { name: 'quoteMaxAgeUs', kind: 'duration', unit: 'µs', meaning: 'oldest proof of life of a quote that counts' },
  { name: 'regimeMaxAgeUs', kind: 'duration', unit: 'µs', meaning: 'oldest word that a regime stands which counts' },
  { name: 'maxValidityUs', kind: 'duration', unit: 'µs', meaning: 'longest time for which an intent and its approval are good' },
  { name: 'cooldownUs', kind: 'duration', unit: 'µs', meaning: 'pause of a pair after a refusal, loss or failure' },
  { name: 'regimeFactors', kind: 'factors', unit: 'share of size', meaning: 'how much of a plan each regime allows', atMost: 1 },
  { name: 'legTolerance', kind: 'share', unit: 'share of size', meaning: 'allowed difference of the legs', atMost: 1 },
  { name: 'maxExitCost', kind: 'share', unit: 'share of value', meaning: 'largest cost limit of an exit', atMost: 1 },
  { name: 'marginRate', kind: 'share', unit: 'share of value', meaning: 'collateral of derivatives', atMost: 1 },
  { name: 'feeAllowance', kind: 'share', unit: 'share of value', meaning: 'held beside an order for its fee, or the taker rate of its venue where that is higher', atMost: 1 },
  { name: 'minimumNet', kind: 'amount', unit: 'currency', meaning: 'what a plan must still bring at current quotes' },
  { name: 'minimumEdgeBps', kind: 'amount', unit: 'basis points', meaning: 'least net edge of a plan at current quotes' },
  { name: 'reservationGraceUs', kind: 'duration', unit: 'µs', meaning: 'how long a reservation outlives its expiry' },
  { name: 'conversions', kind: 'conversions', unit: 'currency per unit', meaning: 'worth of other currencies' },
];
