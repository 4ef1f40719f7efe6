import type {
  AuditEntry, EvenedRequest, HaltRecord, HaltReply, HaltRequest, KeyframeRequest, LimitDifference, ListingRequest, ResumeRequest, RiskAlive, SnapshotRequest,
} from '@parallax/types';
import { z } from 'zod';
import { serviceName } from './operations.js';
import { atUs, count, name } from './primitives.js';

/** Requests refuse unknown fields: a misspelt one must not pass as left out. Events tolerate them. */
const person = z.string({ error: 'must say who asks, 1 to 100 characters' }).trim().min(1).max(100);
const reason = z.string({ error: 'must say why, 3 to 500 characters' }).trim().min(3).max(500);

export const haltRequestSchema = z.strictObject({
  who: person,
  why: reason,
  account: name.max(100).optional(),
}) satisfies z.ZodType<HaltRequest>;
export const resumeRequestSchema = haltRequestSchema satisfies z.ZodType<ResumeRequest>;

export const haltRecordSchema = z.object({
  halted: z.boolean(),
  by: name,
  reason: z.string(),
  atUs,
}) satisfies z.ZodType<HaltRecord>;

export const haltReplySchema = z.object({ record: haltRecordSchema }) satisfies z.ZodType<HaltReply>;

export const evenedRequestSchema = z.strictObject({
  who: person,
  why: reason,
  plan: name.max(200),
  account: name.max(100),
}) satisfies z.ZodType<EvenedRequest>;

/** Someone asks for other limits of one account; what is not named stays, each factor and conversion too. Which there are is risk’s to know. */
export const limitsRequestSchema = z.strictObject({
  who: person,
  why: reason,
  account: name.max(100),
  limits: z.record(z.string(), z.json()).refine((limits) => Object.keys(limits).length > 0, { error: 'must name a limit' }),
});
export type LimitsRequest = z.infer<typeof limitsRequestSchema>;

/** Risk's answer: every limit of the account as it now stands. */
export const limitsReplySchema = z.object({ limits: z.record(z.string(), z.unknown()) });
export type LimitsReply = Readonly<z.infer<typeof limitsReplySchema>>;

export const limitDifferenceSchema = z.object({
  account: name,
  name,
  configured: z.string(),
  standing: z.string(),
}) satisfies z.ZodType<LimitDifference>;

export const riskAliveSchema = z.object({
  epoch: count,
  instance: name,
  atUs,
  limitDifferences: z.array(limitDifferenceSchema),
}) satisfies z.ZodType<RiskAlive>;

export const auditEntrySchema = z.object({
  id: name,
  action: z.enum(['halt', 'resume', 'limits', 'evened']),
  account: name.nullable(),
  plan: name.optional(),
  who: name,
  why: z.string(),
  service: serviceName,
  atUs,
}) satisfies z.ZodType<AuditEntry>;

export const snapshotRequestSchema = z.strictObject({
  symbol: name,
  reason: name,
  othersTrusted: z.boolean().optional(),
}) satisfies z.ZodType<SnapshotRequest>;

export const listingRequestSchema = z.strictObject({
  symbol: name,
  price: z.int().min(0).max(18),
  size: z.int().min(0).max(18),
}) satisfies z.ZodType<ListingRequest>;

export const keyframeRequestSchema = z.strictObject({
  symbol: name,
  reason: name,
  next: z.strictObject({ of: count, part: count }).optional(),
}) satisfies z.ZodType<KeyframeRequest>;
