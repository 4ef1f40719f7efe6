import type { AccountLedger } from './account-ledger.js';
import type { ExactLimits } from './exact-limits.js';
import type { Judgement } from './judgement.js';
import type { LossWindow } from './ledger/loss-window.js';
import { differenceOf, Money, moneyFromScaled, smaller, sumOf, ZERO } from './money.js';
import { Kept, type QuoteBoard } from './quote-board.js';

const HALF: Money = new Money('0.5');

/**
 * What was earned in a window, in the limits' currency, negative for a loss: realised there, and beside it what stands
 * open now at a loss. An open gain does not make up for a realised loss.
 */
export function earnedIn({ account, limits, open }: Judgement, profit: (window: LossWindow) => Money): Money {
  let realised = ZERO;
  for (const [currency, window] of account.profit.byCurrency()) {
    const worth = limits.worth(profit(window), currency);
    if (worth) realised = sumOf(realised, worth);
  }
  return sumOf(realised, smaller(open, ZERO));
}

/** Profit of what is open, at the middle of the quote of the instrument traded last; nothing where no quote is known. */
export function openProfit(account: AccountLedger, limits: ExactLimits, quotes: QuoteBoard): Money {
  let open = ZERO;
  for (const net of account.profit.open()) {
    const facts = account.factsOf(net.instrument);
    if (!facts || quotes.read(facts.number, Kept.specificationVersion) !== facts.specification.version) continue;
    const bid = quotes.read(facts.number, Kept.bidPrice);
    const ask = quotes.read(facts.number, Kept.askPrice);
    if (bid <= 0 || ask <= 0) continue;
    const middle = moneyFromScaled(bid + ask, facts.specification.priceScale).times(HALF);
    const worth = limits.worth(differenceOf(net.size.times(middle), net.value), net.quote);
    if (worth) open = sumOf(open, worth);
  }
  return open;
}
