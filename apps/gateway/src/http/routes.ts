import { z } from 'zod';
import * as views from '../core/views.js';
import { bodies, queries } from './queries.js';

export interface Route {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
  /** Statuses of errors that are its own, beside those of `errorsOf`. */
  readonly errors?: readonly number[];
  /** Answers 503 with the same schema while it is not ready. */
  readonly probes?: boolean;
}

const listOf = (view: z.ZodType, more: Record<string, z.ZodType> = {}): z.ZodType =>
  z.object({ data: z.array(view), cursor: z.string().nullable(), ...more });
const one = (shape: Record<string, z.ZodType>): z.ZodType => z.object({ data: z.object(shape) });
const { haltView, auditView, limitsView, serviceView, venueView, alertView, profitView } = views;
const record = haltView.omit({ account: true });
const readiness = { ready: z.boolean(), missing: z.array(z.string()) };

/** The REST face as data: paths with the very schemas that check their queries and bodies, and describe their answers. */
export const ROUTES: readonly Route[] = [
  { method: 'get', path: '/api/v1/venues', summary: 'Venues and their connections', query: queries.venues, answer: listOf(venueView) },
  {
    method: 'get', path: '/api/v1/instruments', summary: 'Instruments with their scales and steps', query: queries.instruments,
    answer: listOf(views.instrumentView),
  },
  {
    method: 'get', path: '/api/v1/quotes', summary: 'Best bid and ask of every instrument, with trust', query: queries.quotes,
    answer: listOf(views.quoteView),
  },
  {
    method: 'get', path: '/api/v1/book', summary: 'One book as its writer holds it', query: queries.book,
    answer: z.object({ data: views.bookView }), errors: [404, 503],
  },
  {
    method: 'get', path: '/api/v1/opportunities', summary: 'Opportunities, newest first', query: queries.opportunities,
    answer: listOf(views.opportunityView),
  },
  { method: 'get', path: '/api/v1/regimes', summary: 'Market regime of every symbol; `regime` picks those that are known to be in it', query: queries.regimes, answer: listOf(views.regimeView) },
  { method: 'get', path: '/api/v1/verdicts', summary: 'What risk said to intents', query: queries.verdicts, answer: listOf(views.verdictView) },
  { method: 'get', path: '/api/v1/orders', summary: 'Orders, newest first', query: queries.orders, answer: listOf(views.orderView) },
  {
    method: 'get', path: '/api/v1/fills', summary: 'All fills, newest first; a page with a cursor may be short', query: queries.fills,
    answer: listOf(views.fillView), errors: [503, 504],
  },
  {
    method: 'get', path: '/api/v1/positions', summary: 'Positions, and profit by cause', query: queries.positions,
    answer: listOf(views.positionView, { profit: z.array(profitView) }),
  },
  {
    method: 'get', path: '/api/v1/profit', summary: 'Profit by cause, account and currency, and what stands alone', query: queries.profit,
    answer: listOf(profitView),
  },
  {
    method: 'get', path: '/api/v1/risk', summary: 'Limits, halts and the audit trail', query: queries.none,
    answer: one({
      halted: z.boolean(), halts: z.array(haltView), riskAliveAtUs: z.int().nullable(), limits: z.array(limitsView),
      limitDifferences: z.array(views.limitDifferenceView), audit: z.array(auditView),
    }),
  },
  {
    method: 'post', path: '/api/v1/risk/halt', summary: 'Stop trading; works without the risk service', body: bodies.halt,
    answer: one({ record, audited: z.boolean() }), errors: [404, 503],
  },
  {
    method: 'post', path: '/api/v1/risk/resume', summary: 'Ask risk to let trading go on', body: bodies.resume,
    answer: one({ record }), errors: [404, 409, 503, 504],
  },
  {
    method: 'post', path: '/api/v1/risk/limits',
    summary: 'Ask risk for other limits of one account; what is not named stays, each factor and conversion too; a conversion of null is taken out',
    body: bodies.limits, answer: one({ limits: limitsView }), errors: [404, 409, 503, 504],
  },
  {
    method: 'post', path: '/api/v1/risk/evened', summary: 'Say that the leg which a plan left standing alone was evened by hand; ends its alert',
    body: bodies.evened, answer: z.object({ data: auditView }), errors: [404, 503],
  },
  {
    method: 'get', path: '/api/v1/health', summary: 'Services, venues, alerts, and what is missing', query: queries.none,
    answer: listOf(serviceView, { ...readiness, venues: z.array(venueView), alerts: z.array(alertView) }),
  },
  {
    method: 'get', path: '/api/v1/system', summary: 'Which market, what becomes of orders, whether it trades and why not, which lists may be believed',
    query: queries.none, answer: z.object({ data: views.systemView }),
  },
  {
    method: 'get', path: '/api/v1/dead-letters', summary: 'Frames that could not be read, newest first', query: queries.deadLetters,
    answer: listOf(views.deadLetterView),
  },
  { method: 'get', path: '/healthz', summary: 'Whether the process serves', answer: z.object({ status: z.literal('ok') }) },
  { method: 'get', path: '/readyz', summary: 'Ready while it serves', answer: z.object({ ready: z.boolean() }), probes: true },
];
