import { evenedRequestSchema, haltRequestSchema, limitsRequestSchema, opportunityKind, opportunityState, orderState, refusalCode, regimeName, resumeRequestSchema } from '@parallax/wire';
import { z } from 'zod';

/** Every query and body of the REST face. Unknown fields are refused: a misspelt filter must not pass as none. */
const venue = z.string().regex(/^[a-z0-9_-]{1,40}$/, { error: 'must be a venue id such as "binance"' });
const symbol = z.string().regex(/^[^\s/]{1,40}\/[^\s/]{1,40}$/u, { error: 'must be a unified symbol such as "BTC/USDT"' });
const account = z.string().min(1).max(100);
const whole = (least: number, most: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^\d{1,6}$/, { error: `must be a whole number from ${least} to ${most}` })
    .transform(Number)
    .pipe(z.int().min(least, { error: `must be at least ${least}` }).max(most, { error: `must be at most ${most}` }));

const page = {
  limit: whole(1, 1000).optional().meta({ description: 'rows in one answer; 100 where left out' }),
  cursor: z.string().min(1).max(500).optional().meta({ description: 'where the answer before ended' }),
};
const market = { venue: venue.optional(), symbol: symbol.optional() };

export const queries = {
  venues: z.strictObject({ ...page, venue: venue.optional() }),
  instruments: z.strictObject({ ...page, ...market, base: z.string().min(1).max(40).optional() }),
  quotes: z.strictObject({ ...page, ...market, trust: z.enum(['resyncing', 'synced', 'suspect', 'stale']).optional() }),
  book: z.strictObject({ venue, symbol, depth: whole(1, 1000).optional() }),
  opportunities: z.strictObject({
    ...page, ...market, state: opportunityState.optional(), kind: opportunityKind.optional(),
  }),
  regimes: z.strictObject({ ...page, ...market, regime: regimeName.optional() }),
  verdicts: z.strictObject({
    ...page, account: account.optional(), kind: z.enum(['approved', 'refused']).optional(), code: refusalCode.optional(),
  }),
  orders: z.strictObject({ ...page, ...market, account: account.optional(), state: orderState.optional() }),
  fills: z.strictObject({ ...page, ...market, account: account.optional() }),
  positions: z.strictObject({ ...page, ...market, account: account.optional() }),
  profit: z.strictObject({ ...page, account: account.optional(), currency: z.string().min(1).max(40).optional() }),
  deadLetters: z.strictObject({ ...page, ...market }),
  none: z.strictObject({}),
} as const;
export type Query<Name extends keyof typeof queries> = z.infer<(typeof queries)[Name]>;

export const bodies = { halt: haltRequestSchema, resume: resumeRequestSchema, limits: limitsRequestSchema, evened: evenedRequestSchema } as const;
