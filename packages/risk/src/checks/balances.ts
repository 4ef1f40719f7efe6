import { differenceOf, exceeds, larger, Money, ONE, sumOf, ZERO } from '@parallax/money';
import type { Check } from '../judgement.js';
import { holdingOf } from '../ledger/holding-key.js';

/**
 * Each venue holds what the plan's worst case takes: spot buys take quote currency, spot sells base, derivatives
 * collateral in the settlement currency where they add to the worst position. Fees are allowed for on top: by the limits, or by the venue's rate where that is higher.
 */
export const checkBalances: Check = ({ changes, account, limits }, refuse) => {
  const { exposures } = account;
  // A handful at most: looking through them is quicker than hashing their names.
  const needs: { readonly key: string; amount: Money }[] = [];
  const need = (key: string, amount: Money): void => {
    if (amount.isZero() || amount.isNegative()) return;
    for (const known of needs) {
      if (known.key !== key) continue;
      known.amount = known.amount.plus(amount);
      return;
    }
    needs.push({ key, amount });
  };
  for (const { claims } of changes) {
    const { facts, buy, sell } = claims;
    if (facts.spot) {
      if (!buy.value.isZero()) need(facts.quoteHeld, buy.value.times(larger(limits.feeFactor, facts.takerFactor)));
      if (!sell.size.isZero()) need(facts.baseHeld, facts.base(ONE, sell.size));
    } else {
      const added = differenceOf(exposures.worstSettled(facts.key, claims), exposures.worstSettled(facts.key));
      const fees = sumOf(buy.settled, sell.settled).times(larger(limits.feeAllowance, facts.takerRate));
      need(facts.settleHeld, sumOf(added.times(limits.marginRate), fees));
    }
  }
  for (const { key, amount } of needs) {
    const margin = exposures.margin(key);
    const unheld = differenceOf(account.balances.at(key), exposures.held(key));
    const free = margin.isZero() ? unheld : differenceOf(unheld, margin.times(limits.marginRate));
    if (exceeds(amount, free)) {
      const { venue, currency } = holdingOf(key);
      refuse('BALANCE_INSUFFICIENT', `${currency} at ${venue}`, amount, free.isNegative() ? ZERO : free);
    }
  }
};
