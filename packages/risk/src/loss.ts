import { differenceOf, exceeds, Money, moneyFromScaled, smaller, sumOf, ZERO } from '@parallax/money';
import { isFresh, Trust } from '@parallax/types';
import type { AccountLedger } from './account-ledger.js';
import type { ExactLimits } from './exact-limits.js';
import type { InstrumentFacts } from './instrument-facts.js';
import type { Judgement } from './judgement.js';
import type { LossWindow } from './ledger/loss-window.js';
import type { NetHolding } from './ledger/profit-book.js';
import { Kept, type QuoteBoard } from './quote-board.js';

const HALF: Money = new Money('0.5');

/** What a loss is made of. */
export type Earning = Pick<Judgement, 'account' | 'limits' | 'open'>;

/** A loss that has reached its limit, in the limits' currency. */
export interface ReachedLoss {
  readonly lost: Money;
  readonly allowed: Money;
}

/** The loss of the last 60 minutes, realised and open, where it has reached its limit. */
export function hourlyLoss(earning: Earning): ReachedLoss | null {
  const { maxHourlyLoss, leastHourlyProfit } = earning.limits;
  return reached(earnedIn(earning, (window) => window.lastHour()), leastHourlyProfit, maxHourlyLoss);
}

/** The loss of the UTC day, realised and open, where it has reached its limit. */
export function dailyLoss(earning: Earning, nowUs: number): ReachedLoss | null {
  const { maxDailyLoss, leastDailyProfit } = earning.limits;
  return reached(earnedIn(earning, (window) => window.day(nowUs)), leastDailyProfit, maxDailyLoss);
}

const reached = (earned: Money, least: Money, allowed: Money): ReachedLoss | null =>
  exceeds(ZERO, earned) && !exceeds(earned, least) ? { lost: earned.negated(), allowed } : null;

/**
 * What was earned in a window, in the limits' currency, negative for a loss: realised there, and beside it what stands
 * open now at a loss. An open gain does not make up for a realised loss.
 */
export function earnedIn({ account, limits, open }: Earning, profit: (window: LossWindow) => Money): Money {
  let realised = ZERO;
  for (const [currency, window] of account.profit.byCurrency()) {
    const worth = limits.worth(profit(window), currency);
    if (worth) realised = sumOf(realised, worth);
  }
  return sumOf(realised, smaller(open, ZERO));
}

/** What stands open, in the limits' currency, and what of it has no mark, in sentences. */
export interface OpenProfit {
  readonly open: Money;
  readonly unmarked: readonly string[];
}

/**
 * Profit of what is open, at the middle of a quote: of the instrument traded last while its book can be trusted, else of any
 * fresh and trusted one of the same base and quote, spot first. Where all of them are blind the last that was trusted marks on,
 * so that a loss which stood is not forgotten; where none ever was, the profit is not known.
 */
export function openProfit(account: AccountLedger, limits: ExactLimits, quotes: QuoteBoard, nowUs: number): OpenProfit {
  let open = ZERO;
  const unmarked: string[] = [];
  for (const net of account.profit.open()) {
    const middle = markOf(net, account, limits, quotes, nowUs);
    const worth = middle && limits.worth(differenceOf(net.size.times(middle), net.cost), net.quote);
    if (worth) open = sumOf(open, worth);
    else unmarked.push(`no ${middle ? 'priced conversion' : 'trusted quote'} marks what is open of ${net.base} against ${net.quote}`);
  }
  return { open, unmarked };
}

function markOf({ instrument, base, quote }: NetHolding, account: AccountLedger, limits: ExactLimits, quotes: QuoteBoard, nowUs: number): Money | null {
  const oldest = limits.limits.quoteMaxAgeUs;
  const own = account.factsOf(instrument);
  if (own && isFreshMark(own, quotes, oldest, nowUs)) return middleOf(own, quotes);
  let last: InstrumentFacts | null = null;
  for (const number of account.catalogue.ofPair(base, quote)) {
    const facts = account.catalogue.get(number);
    if (isFreshMark(facts, quotes, oldest, nowUs)) return middleOf(facts, quotes);
    if (!isMark(facts, quotes)) continue;
    if (!last || quotes.read(number, Kept.markAtUs) > quotes.read(last.number, Kept.markAtUs)) last = facts;
  }
  return last && middleOf(last, quotes);
}

/** Whether a quote of this version of the specification was ever trusted. */
const isMark = ({ number, specification }: InstrumentFacts, quotes: QuoteBoard): boolean =>
  quotes.read(number, Kept.markSum) > 0 && quotes.read(number, Kept.markVersion) === specification.version;

/** Whether the instrument's last quote is one that is trusted, and fresh. */
const isFreshMark = (facts: InstrumentFacts, quotes: QuoteBoard, oldestUs: number, nowUs: number): boolean =>
  isMark(facts, quotes) && quotes.read(facts.number, Kept.trust) === Trust.synced &&
  quotes.read(facts.number, Kept.bidPrice) > 0 && quotes.read(facts.number, Kept.askPrice) > 0 &&
  isFresh(quotes.read(facts.number, Kept.freshAtUs), oldestUs, nowUs);

const middleOf = ({ number, specification }: InstrumentFacts, quotes: QuoteBoard): Money =>
  moneyFromScaled(quotes.read(number, Kept.markSum), specification.priceScale).times(HALF);
