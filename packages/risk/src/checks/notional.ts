import { exceeds } from '@parallax/money';
import type { Check, Judgement, Refuse } from '../judgement.js';
import type { OrderView } from '../plan-view.js';

function checkOrder(order: OrderView, { limits }: Judgement, refuse: Refuse): void {
  if (!order.facts) return;
  const worth = limits.worth(order.value, order.facts.specification.quote);
  if (worth && exceeds(worth, limits.maxOrderNotional)) {
    refuse('NOTIONAL_LIMIT', `${order.name}: value of the order at ${order.key}`, worth, limits.maxOrderNotional);
  }
}

/** No single order, leg or exit, is worth more than the limit. */
export const checkNotional: Check = (judgement, refuse) => {
  for (const order of judgement.allowed.orders) checkOrder(order, judgement, refuse);
};
