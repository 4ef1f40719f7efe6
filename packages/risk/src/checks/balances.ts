import type { Check } from '../judgement.js';
import { holdingOf } from '../ledger/holding-key.js';
import { exceeds, Money, ONE, ZERO } from '../money.js';

/**
 * Each venue holds what the plan's worst case takes: spot buys take quote currency, spot sells base, derivatives
 * collateral in the settlement currency where they add to the worst position. Fees are allowed for on top.
 */
export const checkBalances: Check = ({ changes, account, limits }, refuse) => {
  const { exposures } = account;
  // A handful at most: looking through them is quicker than hashing their names.
  const needs: { readonly key: string; amount: Money }[] = [];
  const need = (key: string, amount: Money): void => {
    if (amount.isZero() || amount.isNegative()) return;
    const known = needs.find((one) => one.key === key);
    if (known) known.amount = known.amount.plus(amount);
    else needs.push({ key, amount });
  };
  for (const { key, claims } of changes) {
    const { facts, buy, sell } = claims;
    if (facts.spot) {
      if (!buy.value.isZero()) need(facts.quoteHeld, buy.value.times(limits.feeFactor));
      if (!sell.size.isZero()) need(facts.baseHeld, facts.base(ONE, sell.size));
    } else {
      const added = exposures.worstSettled(key, claims).minus(exposures.worstSettled(key));
      const fees = buy.settled.plus(sell.settled).times(limits.feeFactor.minus(ONE));
      need(facts.settleHeld, added.times(limits.marginRate).plus(fees));
    }
  }
  for (const { key, amount } of needs) {
    const margin = exposures.margin(key);
    const unheld = without(account.balances.at(key), exposures.held(key));
    const free = margin.isZero() ? unheld : unheld.minus(margin.times(limits.marginRate));
    if (exceeds(amount, free)) {
      const { venue, currency } = holdingOf(key);
      refuse('BALANCE_INSUFFICIENT', `${currency} at ${venue}`, amount, free.isNegative() ? ZERO : free);
    }
  }
};

const without = (amount: Money, part: Money): Money => (part.isZero() ? amount : amount.minus(part));
