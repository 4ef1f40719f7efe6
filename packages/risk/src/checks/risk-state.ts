import type { Check } from '../judgement.js';

/** What risk cannot know, it does not guess: limits, positions, the halt record, or the worth of a currency. */
export const checkRiskState: Check = ({ unknown, allowed, limits, account }, refuse) => {
  for (const what of unknown) refuse('RISK_STATE_UNKNOWN', what);
  const currencies = new Set([...account.profit.byCurrency()].map(([currency]) => currency));
  for (const order of allowed.legs) if (order.facts) currencies.add(order.facts.specification.quote);
  for (const order of allowed.exits) if (order.facts) currencies.add(order.facts.specification.quote);
  currencies.add(allowed.plan.currency);
  for (const currency of currencies) {
    if (!limits.rate(currency)) {
      refuse('RISK_STATE_UNKNOWN', `no priced conversion from ${currency} to ${limits.limits.currency}`);
    }
  }
};
