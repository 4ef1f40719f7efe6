import type { Opportunity, OpportunityLeg, OpportunityReceipt, RegimeEvent } from '@parallax/types';
import { z } from 'zod';
import { amountText, atUs, count, decimalText, durationUs, eventOriginSchema, instrument, name, share, side, traced } from './primitives.js';

export const opportunityLegSchema = z.object({
  ...instrument,
  side,
  limitPrice: amountText,
  averagePrice: amountText,
  size: amountText,
  baseSize: amountText,
  feeRate: decimalText,
  ageUs: durationUs,
  provenAgeUs: durationUs,
  updateId: count,
  origin: eventOriginSchema,
}) satisfies z.ZodType<OpportunityLeg>;

export const opportunityReceiptSchema = z.object({
  currency: name,
  notional: amountText,
  grossEdge: decimalText,
  fees: decimalText,
  slippage: decimalText,
  wayOut: decimalText,
  funding: decimalText,
  inventory: decimalText,
  netEdge: decimalText,
  netEdgeBps: decimalText,
}) satisfies z.ZodType<OpportunityReceipt>;

export const opportunityKind = z.enum(['cross-venue', 'basis']);
export const opportunityState = z.enum(['opened', 'updated', 'closed']);

export const opportunitySchema = z.object({
  id: name,
  kind: opportunityKind,
  base: name,
  state: opportunityState,
  legs: z.array(opportunityLegSchema).min(1),
  receipt: opportunityReceiptSchema,
  riskScore: share,
  confidence: share,
  openedAtUs: atUs,
  atUs,
  updates: count,
  closeReason: z
    .enum(['edge-gone', 'quote-untrusted', 'quote-too-old', 'depth-gone', 'instrument-halted', 'shutdown'])
    .optional(),
  origin: eventOriginSchema,
  links: z.array(eventOriginSchema),
  ...traced,
}) satisfies z.ZodType<Opportunity>;

export const regimeName = z.enum(['FLASH_CRASH', 'FLASH_PUMP', 'HIGH_VOLATILITY', 'NORMAL']);

export const regimeEventSchema = z.object({
  ...instrument,
  base: name,
  horizon: z.enum(['1m', '1h', '24h', 'ensemble']),
  regime: regimeName,
  previous: regimeName.nullable(),
  confidence: share,
  strength: z.number().nonnegative(),
  enteredAtUs: atUs,
  durationUs,
  atUs,
  origin: eventOriginSchema,
  ...traced,
}) satisfies z.ZodType<RegimeEvent>;
