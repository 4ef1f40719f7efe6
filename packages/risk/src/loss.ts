import type { Judgement } from './judgement.js';
import type { LossWindow } from './ledger/loss-window.js';
import { Money, moneyFromScaled, smaller, ZERO } from './money.js';
import { Kept } from './quote-board.js';

/**
 * What was lost in a window, positive for a loss, in the limits' currency: realised there, and beside it what stands
 * open now at a loss. An open gain does not make up for a realised loss.
 */
export function lossOf(judgement: Judgement, profit: (window: LossWindow) => Money): Money {
  const { account, limits } = judgement;
  let realised = ZERO;
  for (const [currency, window] of account.profit.byCurrency()) {
    realised = realised.plus(limits.worth(profit(window), currency) ?? ZERO);
  }
  return realised.plus(smaller(openProfit(judgement), ZERO)).negated();
}

/** Profit of what is open, at the middle of the quote of the instrument traded last; nothing where no quote is known. */
function openProfit({ account, limits, quotes }: Judgement): Money {
  let open = ZERO;
  for (const net of account.profit.open()) {
    const facts = account.factsOf(net.instrument);
    if (!facts || quotes.read(facts.number, Kept.specificationVersion) !== facts.specification.version) continue;
    const bid = quotes.read(facts.number, Kept.bidPrice);
    const ask = quotes.read(facts.number, Kept.askPrice);
    if (bid <= 0 || ask <= 0) continue;
    const middle = moneyFromScaled(bid + ask, facts.specification.priceScale).times('0.5');
    open = open.plus(limits.worth(net.size.times(middle).minus(net.value), net.quote) ?? ZERO);
  }
  return open;
}
