import { exceeds } from '@parallax/money';
import { trimmedTextFromScaled } from '@parallax/types';
import type { Check, Refuse } from '../judgement.js';
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

function numbersRepeat(legs: readonly OrderView[]): boolean {
  for (let i = 1; i < legs.length; i++) {
    for (let before = 0; before < i; before++) if (legs[before].leg === legs[i].leg) return true;
  }
  return false;
}

/** Prices and sizes are readable, on the instrument's steps and not below its minima, exits included. */
export const checkOrderShape: Check = ({ allowed }, refuse) => {
  if (allowed.legs.length === 0) refuse('SIZE_INVALID', 'the plan has no legs');
  if (numbersRepeat(allowed.legs)) refuse('SIZE_INVALID', 'two legs of the plan have the same number');
  for (const order of allowed.orders) checkOrder(order, refuse);
};
