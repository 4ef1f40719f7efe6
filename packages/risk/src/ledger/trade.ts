import { Money, quotient, ZERO } from '../money.js';

/** A signed holding with what it cost: `value` in the quote currency, `settled` in the settlement currency. */
export interface Holding {
  size: Money;
  value: Money;
  settled: Money;
}

/** Profit of the part of a trade that closed a holding, in both currencies; negative is a loss. */
export interface Realised {
  readonly value: Money;
  readonly settled: Money;
}

const NOTHING: Realised = { value: ZERO, settled: ZERO };

export const emptyHolding = (): Holding => ({ size: ZERO, value: ZERO, settled: ZERO });

/**
 * Adds a signed trade to a holding at average cost. `value` and `settled` are unsigned. For inverse instruments the
 * profit in the settlement currency has the opposite sign of the difference in costs: contracts × (1/entry − 1/exit).
 */
export function addTrade(holding: Holding, size: Money, value: Money, settled: Money, inverse: boolean): Realised {
  const signedValue = size.isNegative() ? value.negated() : value;
  const signedSettled = size.isNegative() ? settled.negated() : settled;
  if (holding.size.isZero() || holding.size.isNegative() === size.isNegative()) {
    holding.size = holding.size.plus(size);
    holding.value = holding.value.plus(signedValue);
    holding.settled = holding.settled.plus(signedSettled);
    return NOTHING;
  }
  const held = holding.size.abs();
  const traded = size.abs();
  const closesAll = traded.greaterThanOrEqualTo(held);
  const ofTrade = (amount: Money): Money => (traded.greaterThan(held) ? quotient(amount.times(held), traded) : amount);
  const ofHolding = (amount: Money): Money => (closesAll ? amount : quotient(amount.times(traded), held));

  const released = ofHolding(holding.value);
  const releasedSettled = ofHolding(holding.settled);
  const closed = ofTrade(signedValue);
  const closedSettled = ofTrade(signedSettled);
  holding.size = holding.size.plus(size);
  // After a close the rest of the trade opens the other way; after a partial one the rest of the cost stays.
  holding.value = closesAll ? signedValue.minus(closed) : holding.value.minus(released);
  holding.settled = closesAll ? signedSettled.minus(closedSettled) : holding.settled.minus(releasedSettled);
  if (holding.size.isZero()) holding.value = holding.settled = ZERO;
  const sum = releasedSettled.plus(closedSettled);
  return { value: closed.plus(released).negated(), settled: inverse ? sum : sum.negated() };
}
