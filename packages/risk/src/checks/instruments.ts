import type { Check } from '../judgement.js';

/** Every leg and exit names an instrument that is known and trades now. */
export const checkInstruments: Check = ({ allowed }, refuse) => {
  for (const order of allowed.orders) {
    if (!order.facts) refuse('INSTRUMENT_UNKNOWN', `${order.name}: ${order.key} is not known`);
    else if (order.facts.specification.status !== 'trading') {
      refuse('INSTRUMENT_NOT_TRADING', `${order.name}: ${order.key} is ${order.facts.specification.status}`);
    }
  }
};
