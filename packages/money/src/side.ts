import type { Money } from './decimal.js';

export type Side = 'buy' | 'sell';

/** What the side does to a position: 1 or -1. */
export const signOf = (side: Side): 1 | -1 => (side === 'buy' ? 1 : -1);

/** Whether `price` is worse for us than `bound`. */
export const isWorse = (side: Side, price: Money, bound: Money): boolean => (side === 'buy' ? price.greaterThan(bound) : price.lessThan(bound));
