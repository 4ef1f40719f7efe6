import type {
  Alert, DeadLetter, InstrumentSpecification, MissingSymbol, ServiceHealth, ServiceName, SymbolHealth, TraceKeep, VenueFeed, VenueHealth,
} from '@parallax/types';
import { z } from 'zod';
import { amountText, atUs, count, eventOriginSchema, name, traceparent } from './primitives.js';

export const serviceName = z.enum([
  'ingestion', 'normalisation', 'regime', 'arbitrage', 'risk', 'execution', 'monitoring', 'gateway', 'simulator', 'recorder',
  'paper',
]) satisfies z.ZodType<ServiceName>;

export const serviceHealthSchema = z.object({
  service: serviceName,
  instance: name,
  ready: z.boolean(),
  missing: z.array(z.string()),
  degraded: z.array(z.string()).optional(),
  startedAtUs: atUs,
  atUs,
  counters: z.record(z.string(), z.number()),
  // Names that we do not know are of another release.
  latencies: z.record(z.string(), z.object({ p50: z.number(), p99: z.number(), count })),
  troubles: z.array(z.object({ key: name, severity: z.enum(['info', 'warning', 'critical']), summary: name, stopsTrading: z.literal([true, 'part']).optional() })).optional(),
  ended: z.literal(true).optional(),
  standsBy: z.literal(true).optional(),
  actsSinceUs: atUs.optional(),
  market: z.enum(['simulated', 'live']).optional(),
  orders: z.enum(['paper', 'live']).optional(),
}) satisfies z.ZodType<ServiceHealth>;

export const symbolHealthSchema = z.object({
  symbol: name,
  trust: name,
  cause: z.string(),
  changedAtUs: atUs.nullable(),
  provenAtUs: atUs.nullable(),
  gaps: count,
  resyncs: count,
  checksumsChecked: count,
  checksumsFailed: count,
  crossed: count,
}) satisfies z.ZodType<SymbolHealth>;

export const missingSymbolSchema = z.object({
  symbol: name,
  state: z.enum(['unlisted', 'wanted', 'asked', 'acknowledged', 'silent', 'refused']),
  feeds: z.array(name),
  sinceUs: atUs.nullable(),
  heardAtUs: atUs.nullable(),
  attempts: count,
  reason: z.string(),
}) satisfies z.ZodType<MissingSymbol>;

export const venueFeedSchema = z.object({
  venue: name,
  instance: name,
  connections: count,
  open: count,
  wanted: count,
  missing: z.array(missingSymbolSchema),
  atUs,
}) satisfies z.ZodType<VenueFeed>;

export const venueHealthSchema = z.object({
  venue: name,
  connected: z.boolean(),
  connections: count,
  lastFrameAtUs: atUs.nullable(),
  framesPerSecond: z.number().nonnegative().nullable(),
  reconnects: count.nullable(),
  deadLetters: count.nullable(),
  clockOffsetUs: z.number().nullable(),
  symbols: z.array(symbolHealthSchema),
  feed: venueFeedSchema.optional(),
  atUs,
}) satisfies z.ZodType<VenueHealth>;

export const deadLetterSchema = z.object({
  venue: name,
  // Letters from before these were told have neither.
  symbol: name.nullable().default(null),
  kind: z.enum(['stream', 'snapshot']).default('stream'),
  connection: count,
  frame: count,
  receivedAtUs: atUs,
  reason: name,
  place: z.string(),
  text: z.string(),
  truncated: z.boolean(),
}) satisfies z.ZodType<DeadLetter>;

export const traceKeepSchema = z.object({
  origin: eventOriginSchema,
  links: z.array(eventOriginSchema),
  services: z.array(serviceName).optional(),
  traceparent,
  reason: z.string(),
}) satisfies z.ZodType<TraceKeep>;

export const alertSchema = z.object({
  id: name,
  severity: z.enum(['info', 'warning', 'critical']),
  subject: name,
  summary: name,
  resolved: z.boolean(),
  sinceUs: atUs,
  atUs,
}) satisfies z.ZodType<Alert>;

const scale = z.int().min(0).max(18);

export const instrumentSpecificationSchema = z.object({
  venue: name,
  symbol: name,
  venueSymbol: name,
  base: name,
  quote: name,
  settle: name,
  kind: z.enum(['spot', 'swap', 'future']),
  inverse: z.boolean(),
  contractSize: amountText,
  priceScale: scale,
  sizeScale: scale,
  priceTextDecimals: scale.optional(),
  priceStep: count,
  sizeStep: count,
  minimumSize: count,
  minimumNotional: amountText,
  status: z.enum(['trading', 'halted', 'cancel-only', 'post-only', 'unknown']),
  version: count,
  source: z.enum(['listing', 'catalogue', 'file', 'inferred']),
}) satisfies z.ZodType<InstrumentSpecification>;
