import type { Fill, Intent, Order, Passed, Plan, PlanExit, PlanLeg, PlanResult, Position, Profit, Refused } from '@parallax/types';
import { PROFIT_CAUSES, REFUSAL_CODES, type Approved, type RefusalCode } from '@parallax/types';
import { z } from 'zod';
import { amountText, atUs, count, decimalText, instrument, name, owner, side, traced } from './primitives.js';

const timeInForce = z.enum(['IOC', 'GTC']);

export const passedSchema = z.object({
  opportunityId: name,
  ...owner,
  reason: z.enum(['kind-not-traded', 'pair-busy', 'pair-resting', 'side-busy', 'edge-below-minimum']),
  atUs,
}) satisfies z.ZodType<Passed>;

export const planLegSchema = z.object({
  leg: count,
  ...instrument,
  side,
  type: z.literal('limit'),
  timeInForce,
  price: amountText,
  size: amountText,
}) satisfies z.ZodType<PlanLeg>;

export const planExitSchema = z.object({
  kind: z.enum(['hedge', 'reverse', 'hold']),
  forLeg: count,
  ...instrument,
  side,
  price: amountText,
  size: amountText,
  costLimit: amountText,
}) satisfies z.ZodType<PlanExit>;

export const planSchema = z.object({
  legs: z.array(planLegSchema).min(1),
  exits: z.array(planExitSchema),
  currency: name,
  notional: amountText,
}) satisfies z.ZodType<Plan>;

export const intentSchema = z.object({
  id: name,
  ...owner,
  kind: z.literal('arbitrage'),
  opportunityId: name,
  plan: planSchema,
  expectedNet: decimalText,
  createdAtUs: atUs,
  expiresAtUs: atUs,
  receivedAtUs: atUs.optional(),
  ...traced,
}) satisfies z.ZodType<Intent>;

export const refusalCode = z.enum(Object.keys(REFUSAL_CODES) as [RefusalCode, ...RefusalCode[]]);

export const refusedSchema = z.object({
  kind: z.literal('refused'),
  intent: intentSchema,
  refusals: z
    .array(z.object({ code: refusalCode, detail: z.string(), measured: z.string().optional(), allowed: z.string().optional() }))
    .min(1),
  atUs,
  ...traced,
}) satisfies z.ZodType<Refused>;

/** What an approval says, without its brand: what passes here is not yet an `Approved`, see `decodeApproved`. */
type BrandlessApproved = { [K in keyof Approved as K extends symbol ? never : K]: Approved[K] };
export const approvedFieldsSchema = z.object({
  kind: z.literal('approved'),
  id: name,
  intent: intentSchema,
  plan: planSchema,
  reserved: amountText,
  scaledBy: amountText,
  epoch: count,
  atUs,
  expiresAtUs: atUs,
  ...traced,
}) satisfies z.ZodType<BrandlessApproved>;

export const orderState = z.enum([
  'created', 'sending', 'open', 'partiallyFilled', 'cancelling', 'filled', 'cancelled', 'rejected', 'expired',
]);

const orderPurpose = z.enum(['leg', 'hedge', 'reverse']);

export const orderSchema = z.object({
  id: name,
  intentId: name,
  approvalId: name,
  leg: count,
  purpose: orderPurpose,
  ...owner,
  ...instrument,
  side,
  type: z.literal('limit'),
  timeInForce,
  price: amountText,
  size: amountText,
  filledSize: amountText,
  averagePrice: amountText.nullable(),
  state: orderState,
  venueOrderId: z.string().nullable(),
  reason: z.string().nullable(),
  createdAtUs: atUs,
  updatedAtUs: atUs,
  ...traced,
}) satisfies z.ZodType<Order>;

export const fillSchema = z.object({
  id: name,
  orderId: name,
  intentId: name,
  leg: count,
  purpose: orderPurpose.optional(),
  ...owner,
  ...instrument,
  side,
  price: amountText,
  size: amountText,
  fee: decimalText,
  feeCurrency: name,
  liquidity: z.enum(['maker', 'taker']),
  atUs,
  ...traced,
}) satisfies z.ZodType<Fill>;

const unevenLeg = z.object({ venue: name, symbol: name, side, size: amountText, baseSize: amountText.optional(), price: amountText });

export const planResultSchema = z.object({
  intentId: name,
  approvalId: name,
  ...owner,
  // Results from before these were told were the only ones of their plans.
  revision: count.default(1),
  fillCount: count.default(0),
  firstFillAtUs: atUs.optional(),
  outcome: z.enum(['completed', 'nothing-filled', 'exited', 'held', 'exits-exhausted']),
  currency: name,
  spread: decimalText,
  slippage: decimalText,
  fees: decimalText,
  otherFees: z.record(z.string(), decimalText).default({}),
  exitCost: decimalText,
  held: decimalText,
  total: decimalText,
  passedOver: z.record(z.string(), z.string()),
  reason: z.string().optional(),
  // Results from before it was told have none.
  uneven: unevenLeg.nullable().default(null),
  dust: unevenLeg.nullable().default(null),
  finishedAtUs: atUs,
}) satisfies z.ZodType<PlanResult>;

export const positionSchema = z.object({
  ...owner,
  ...instrument,
  size: decimalText,
  averagePrice: amountText.nullable(),
  realised: decimalText,
  fees: decimalText,
  currency: name,
  updatedAtUs: atUs,
}) satisfies z.ZodType<Position>;

const openLotSchema = z.object({
  base: name,
  size: decimalText,
  cost: decimalText,
  instrument: name,
  mark: amountText.nullable(),
  markedBy: name.nullable(),
  value: decimalText.nullable(),
});

export const profitSchema = z.object({
  account: name,
  currency: name,
  plans: count,
  fills: count,
  sinceUs: atUs,
  causes: z.record(z.enum(PROFIT_CAUSES), decimalText),
  realised: decimalText,
  open: z.array(openLotSchema),
  openProfit: decimalText.nullable(),
  total: decimalText.nullable(),
  cash: decimalText,
  dust: z.array(z.object({ venue: name, symbol: name, size: decimalText })),
  otherFees: z.record(z.string(), decimalText),
  atUs,
}) satisfies z.ZodType<Profit>;
