import type { Check, Judgement, Refuse } from '../judgement.js';

/** What risk cannot know, it does not guess: limits, positions, the halt record, or the worth of a currency. */
export const checkRiskState: Check = (judgement, refuse) => {
  const { unknown, allowed, account } = judgement;
  for (const what of unknown) refuse('RISK_STATE_UNKNOWN', what);
  const told: string[] = [];
  for (const currency of account.profit.currencies()) checkRate(currency, judgement, told, refuse);
  for (const order of allowed.orders) if (order.facts) checkRate(order.facts.specification.quote, judgement, told, refuse);
  checkRate(allowed.plan.currency, judgement, told, refuse);
};

/** Refuses once for each currency without a rate; `told` are those refused already. */
function checkRate(currency: string, { limits }: Judgement, told: string[], refuse: Refuse): void {
  if (limits.rate(currency) || told.includes(currency)) return;
  told.push(currency);
  refuse('RISK_STATE_UNKNOWN', `no priced conversion from ${currency} to ${limits.limits.currency}`);
}
