import type { Intent, Plan } from './intent.js';

/** Every reason for which risk refuses an intent, with its meaning. One list: the documentation is made from it. */
export const REFUSAL_CODES = {
  HALTED: 'trading is halted for the account or everywhere',
  RISK_STATE_UNKNOWN: 'limits, positions or the halt record cannot be read',
  NOTIONAL_LIMIT: 'an order exceeds the limit per order, and cut down to it the plan would be below a venue’s minimum',
  POSITION_LIMIT: 'the position after both legs would exceed its limit',
  VENUE_EXPOSURE_LIMIT: 'the share of capital at the venue would exceed its limit',
  HOURLY_LOSS_LIMIT: 'the loss of the last hour has reached its limit',
  DAILY_LOSS_LIMIT: 'the loss of the day has reached its limit',
  QUOTE_TOO_OLD: 'a leg rests on a quote older than the limit',
  QUOTE_AGE_UNKNOWN: 'a leg rests on a quote whose time lies in the future: a clock is wrong',
  QUOTE_UNTRUSTED: 'a leg rests on a book that is not synced',
  QUOTE_MISSING: 'no quote is known for a leg',
  REGIME: 'the market regime does not allow new exposure',
  COOLDOWN: 'too soon after the last refusal, loss or failure of the same pair',
  LEGS_UNBALANCED: 'the legs do not offset each other within the tolerance',
  EXIT_MISSING: 'a leg has no bounded way out',
  BALANCE_INSUFFICIENT: 'a venue holds too little to fill a leg',
  INSTRUMENT_UNKNOWN: 'a leg names an instrument that is not known',
  INSTRUMENT_NOT_TRADING: 'a leg names an instrument that does not trade now',
  SIZE_INVALID: 'a size or price is off the instrument’s steps or below its minimum',
  EXPIRED: 'the intent arrived after its expiry',
  VALID_TOO_LONG: 'the intent, and so its approval, would be good for longer than the limit',
  DUPLICATE: 'the intent was already judged; the first verdict stands',
  EDGE_GONE: 'at the current quotes and the allowed size the plan would not pay, or less than the minimum',
} as const;
export type RefusalCode = keyof typeof REFUSAL_CODES;

export interface Refusal {
  readonly code: RefusalCode;
  readonly detail: string;
  /** What was measured and what was allowed, decimal text, where both exist. */
  readonly measured?: string;
  readonly allowed?: string;
}

export interface Refused {
  readonly kind: 'refused';
  readonly intent: Intent;
  readonly refusals: readonly Refusal[];
  readonly atUs: number;
  readonly traceparent?: string;
}

declare const approvedByRisk: unique symbol;
/** Made by `approve()` in packages/risk alone; the brand keeps everyone else from writing one. */
export interface Approved<P extends Plan = Plan> {
  readonly [approvedByRisk]: true;
  readonly kind: 'approved';
  readonly id: string;
  readonly intent: Intent;
  /** What may be traded: the intent's plan, possibly scaled down. */
  readonly plan: P;
  /** Value reserved until fill, reject or expiry; decimal text in the plan's currency. */
  readonly reserved: string;
  readonly scaledBy: string;
  readonly epoch: number;
  readonly atUs: number;
  readonly expiresAtUs: number;
  readonly traceparent?: string;
}
export type Verdict = Approved | Refused;
