import { trimmedTextFromScaled } from '@parallax/types';
import type { Check, Refuse } from '../judgement.js';
import { exceeds } from '../money.js';
import type { OrderView } from '../plan-view.js';

function checkOrder(order: OrderView, refuse: Refuse): void {
  if (!order.facts) return;
  if (order.fault !== null) return refuse('SIZE_INVALID', `${order.name}: ${order.fault}`);
  const { priceStep, priceScale, sizeStep, sizeScale, minimumSize, inverse } = order.facts.specification;
  if (order.priceUnits % priceStep !== 0) {
    refuse('SIZE_INVALID', `${order.name}: the price is off its step`, order.price, trimmedTextFromScaled(priceStep, priceScale));
  }
  if (order.sizeUnits % sizeStep !== 0) {
    refuse('SIZE_INVALID', `${order.name}: the size is off its step`, order.size, trimmedTextFromScaled(sizeStep, sizeScale));
  }
  if (order.sizeUnits < minimumSize) {
    const least = trimmedTextFromScaled(minimumSize, sizeScale);
    refuse('SIZE_INVALID', `${order.name}: the size is below its minimum`, order.size, least);
  }
  const value = inverse ? order.base : order.value;
  if (exceeds(order.facts.minimumNotional, value)) {
    refuse('SIZE_INVALID', `${order.name}: the value is below its minimum`, value, order.facts.minimumNotional);
  }
}

/** Prices and sizes are readable, on the instrument's steps and not below its minima, exits included. */
export const checkOrderShape: Check = ({ allowed }, refuse) => {
  if (allowed.legs.length === 0) refuse('SIZE_INVALID', 'the plan has no legs');
  const numbers = new Set(allowed.legs.map((leg) => leg.leg));
  if (numbers.size !== allowed.legs.length) refuse('SIZE_INVALID', 'two legs of the plan have the same number');
  for (const order of allowed.legs) checkOrder(order, refuse);
  for (const order of allowed.exits) checkOrder(order, refuse);
};
