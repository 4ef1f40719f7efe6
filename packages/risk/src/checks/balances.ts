import type { Check } from '../judgement.js';
import { exceeds, Money, ONE, ZERO } from '../money.js';

/**
 * Each venue holds what the plan's worst case takes: spot buys take quote currency, spot sells base, derivatives
 * collateral in the settlement currency where they add to the worst position. Fees are allowed for on top.
 */
export const checkBalances: Check = ({ changes, account, limits }, refuse) => {
  const { exposures } = account;
  // A handful at most: looking through them is quicker than hashing their names.
  const needs: { readonly venue: string; readonly currency: string; amount: Money }[] = [];
  const need = (venue: string, currency: string, amount: Money): void => {
    if (amount.isZero() || amount.isNegative()) return;
    const known = needs.find((one) => one.venue === venue && one.currency === currency);
    if (known) known.amount = known.amount.plus(amount);
    else needs.push({ venue, currency, amount });
  };
  for (const { key, claims } of changes) {
    const { venue, base, quote, settle } = claims.facts.specification;
    if (claims.facts.spot) {
      if (!claims.buy.value.isZero()) need(venue, quote, claims.buy.value.times(limits.feeFactor));
      if (!claims.sell.size.isZero()) need(venue, base, claims.facts.base(ONE, claims.sell.size));
    } else {
      const added = exposures.worstSettled(key, claims).minus(exposures.worstSettled(key));
      const fees = claims.buy.settled.plus(claims.sell.settled).times(limits.feeFactor.minus(ONE));
      need(venue, settle, added.times(limits.marginRate).plus(fees));
    }
  }
  for (const { venue, currency, amount } of needs) {
    const margin = exposures.margin(venue, currency);
    const unheld = without(account.balances.get(venue, currency), exposures.held(venue, currency));
    const free = margin.isZero() ? unheld : unheld.minus(margin.times(limits.marginRate));
    if (exceeds(amount, free)) {
      refuse('BALANCE_INSUFFICIENT', `${currency} at ${venue}`, amount, free.isNegative() ? ZERO : free);
    }
  }
};

const without = (amount: Money, part: Money): Money => (part.isZero() ? amount : amount.minus(part));
