import type { Alert, InstrumentSpecification, Opportunity } from '@parallax/types';
import {
  alertSchema, amountText, auditEntrySchema, deadLetterSchema, fillSchema, haltRecordSchema, instrumentSpecificationSchema,
  limitDifferenceSchema, opportunitySchema, orderSchema, positionSchema, profitSchema, refusalCode, regimeEventSchema, serviceHealthSchema, venueHealthSchema,
} from '@parallax/wire';
import { z } from 'zod';

/**
 * What the gateway shows, as schemas: the tests check answers against them and OpenAPI is made from them. What other
 * services said passes through as they said it; only rows of numbers are turned into text here.
 */
const level = z.object({ price: amountText, size: amountText });

export const quoteView = z
  .object({
    venue: z.string(),
    symbol: z.string(),
    base: z.string(),
    bid: level.nullable(),
    ask: level.nullable(),
    /** The depth book's own best, which a ticker never moves. */
    depthBid: level.nullable(),
    depthAsk: level.nullable(),
    source: z.enum(['depth', 'ticker']),
    trust: z.enum(['resyncing', 'synced', 'suspect', 'stale']),
    cause: z.string(),
    updateId: z.int(),
    exchangeAtUs: z.int().nullable(),
    receivedAtUs: z.int(),
    changedAtUs: z.int(),
    provenAtUs: z.int().nullable().meta({ description: 'null: the venue has not proved yet that the channel lives' }),
    missed: z.int().meta({ description: 'messages of this quote that the gateway was too slow to read' }),
  })
  .meta({ id: 'Quote', description: 'Best bid and ask of one instrument; exact decimal text, sizes in the venue’s unit' });
export type QuoteView = z.infer<typeof quoteView>;

export const bookView = z
  .object({
    venue: z.string(),
    symbol: z.string(),
    bids: z.array(level),
    asks: z.array(level),
    trust: quoteView.shape.trust,
    cause: z.string(),
    lastId: z.int(),
    receivedAtUs: z.int(),
    levels: z.object({ bids: z.int(), asks: z.int() }).meta({ description: 'levels that the whole book has' }),
  })
  .meta({ id: 'Book', description: 'A book as its writer holds it, best levels first' });
export type BookView = z.infer<typeof bookView>;

export const verdictView = z
  .object({
    id: z.string(),
    kind: z.enum(['approved', 'refused']),
    intentId: z.string(),
    opportunityId: z.string().nullable(),
    account: z.string(),
    strategy: z.string(),
    refusals: z.array(
      z.object({ code: refusalCode, detail: z.string(), measured: z.string().optional(), allowed: z.string().optional() }),
    ),
    notional: amountText.nullable(),
    currency: z.string().nullable(),
    atUs: z.int(),
  })
  .meta({ id: 'Verdict', description: 'What risk said to an intent; approvals are known from the orders they led to' });
export type VerdictView = z.infer<typeof verdictView>;

export const haltView = haltRecordSchema
  .extend({ account: z.string().nullable().meta({ description: 'null: everywhere' }) })
  .meta({ id: 'Halt' });
export type HaltView = z.infer<typeof haltView>;

export const profitView = profitSchema.meta({
  id: 'Profit',
  description:
    'What the finished plans of an account brought in one currency since its first fill, by cause (costs are negative), as execution tells it. ' +
    '`realised` is the sum of the causes; `open` is what stands alone, with what it cost and what it is worth at a trusted, fresh quote; ' +
    'null: nobody knows what it is worth. `cash`, what the fills moved, is `realised` less the cost of what is open, to the last digit',
});

export const limitsView = z
  .record(z.string(), z.json())
  .meta({ id: 'Limits', description: 'limits as they stand in shared state, by key' });
export type LimitsView = z.infer<typeof limitsView>;

export const limitDifferenceView = limitDifferenceSchema.meta({
  id: 'LimitDifference', description: 'A limit that stands otherwise than it was configured; what stands in shared state wins',
});

export const instrumentView = instrumentSpecificationSchema.meta({ id: 'Instrument' });
export type InstrumentView = InstrumentSpecification;
export const decisionView = z
  .object({
    kind: z.enum(['passed', 'asked', 'refused', 'approved']),
    account: z.string(),
    strategy: z.string(),
    reasons: z.array(z.string()).meta({ description: 'why the strategy let it pass, or the codes of risk’s refusal' }),
    atUs: z.int(),
  })
  .meta({ id: 'Decision', description: 'What became of an opportunity: let pass by its strategy, asked of risk, or risk’s verdict' });
export type DecisionView = z.infer<typeof decisionView>;
export const opportunityView = opportunitySchema
  .extend({
    decision: decisionView.nullable().meta({ description: 'the newest; null: no strategy has spoken of it' }),
    known: z.boolean().meta({ description: 'false: it was open when it was last told of, and the arbitrage that found it is not heard now' }),
    closeReason: z.enum([...opportunitySchema.shape.closeReason.unwrap().options, 'finder-gone']).optional().meta({
      description: '`finder-gone`: the arbitrage that found it is no more, and did not say how it ended',
    }),
  })
  .meta({ id: 'Opportunity' });
export type OpportunityView = Omit<Opportunity, 'closeReason'> & {
  readonly decision: DecisionView | null;
  readonly known: boolean;
  readonly closeReason?: Opportunity['closeReason'] | 'finder-gone';
};
export const regimeView = regimeEventSchema
  .extend({
    remembered: z.boolean().meta({ description: 'known from before this gateway started; nothing was heard of it since' }),
    known: z.boolean().meta({
      description: 'whether it was lately told to stand; false: `regime` is the last that was heard, and what the market is in now is unknown',
    }),
    stoodAtUs: z.int().nullable().meta({ description: 'when it was last told to stand; null: not since this gateway started' }),
  })
  .meta({ id: 'Regime', description: 'The state of one market. An instrument without one is in a state that nobody knows' });
export type RegimeView = z.infer<typeof regimeView>;
export const orderView = orderSchema.meta({ id: 'Order' });
export const fillView = fillSchema.meta({ id: 'Fill' });
export const positionView = positionSchema.meta({ id: 'Position' });
export const serviceView = serviceHealthSchema.meta({ id: 'Service' });
export const venueView = venueHealthSchema.meta({ id: 'Venue' });
export const alertView = alertSchema
  .extend({
    lapsedAtUs: z.int().nullable().meta({
      description: 'monitoring tells again what stands; this it has not told since then, nor that it is over. Null: it stands, or is resolved',
    }),
  })
  .meta({ id: 'Alert' });
export type AlertView = Alert & { readonly lapsedAtUs: number | null };
export const auditView = auditEntrySchema.meta({ id: 'AuditEntry' });
export const deadLetterView = deadLetterSchema.meta({
  id: 'DeadLetter', description: 'A frame that could not be read; `text` is its beginning, `truncated` says whether more is kept or was sent',
});

export const reasonView = z.object({
  key: z.string(),
  kind: z.enum(['cut-off', 'halted', 'cannot', 'unheard', 'part']),
  text: z.string(),
  sinceUs: z.int(),
});
export type ReasonView = z.infer<typeof reasonView>;

const told = <Words extends readonly [string, ...string[]]>(words: Words) =>
  z.object({
    is: z.enum([...words, 'mixed', 'unknown']).meta({ description: '`unknown`: nobody says it now; `mixed`: services say different things' }),
    told: z.enum([...words, 'mixed']).nullable().meta({ description: 'what was said last' }),
  });
const listStanding = z.object({ known: z.boolean(), why: z.string(), sinceUs: z.int() });

export const systemView = z
  .object({
    market: told(['simulated', 'live']).meta({ description: 'where market data comes from, as ingestion says' }),
    orders: told(['paper', 'live']).meta({ description: 'what becomes of orders, as execution says' }),
    bus: z.object({ state: z.enum(['connected', 'silent', 'gone']), sinceUs: z.int() }),
    trading: z.object({
      state: z.enum(['trading', 'trading-in-part', 'halted', 'stopped', 'unknown']),
      sinceUs: z.int(),
      reasons: z.array(reasonView).meta({ description: 'all that speaks against trading; empty while it trades' }),
    }),
    lists: z
      .object({
        alerts: listStanding, halts: listStanding, positions: listStanding, orders: listStanding, opportunities: listStanding,
        deadLetters: listStanding, audit: listStanding,
      })
      .meta({ description: 'whether a list shows what there is: an empty one that is not known says nothing' }),
    missingServices: z.array(z.string()).meta({ description: 'expected, and not heard of' }),
    watchedSinceUs: z.int().meta({ description: 'since when this gateway has looked' }),
  })
  .meta({ id: 'System', description: 'How the whole stands: which market, what becomes of orders, whether it trades and why not, and which lists may be believed' });
export type SystemView = z.infer<typeof systemView>;
