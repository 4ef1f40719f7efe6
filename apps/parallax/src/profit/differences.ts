import type { Profit } from '@parallax/types';
import { Amount } from './amount.js';
import type { AccountRecount } from './recount.js';

/** So much may lie between two that divided. */
const DIVIDED = Amount.of('0.000000000001');

/**
 * Where a profit that was told is not what its fills say, in sentences; none where it is, to the last digit (to the twelfth
 * decimal where inverse contracts are valued). How much of what stood alone was evened at what average cost follows from the
 * order in which plans ended, which no fill tells: of `evened` and the cost of what is open, the sum is checked.
 */
export function differencesOf(told: Profit, counted: AccountRecount): string[] {
  const found: string[] = [];
  const compare = (what: string, said: Amount, is: Amount): void => {
    const beyond = said.minus(is).size.minus(counted.divided ? DIVIDED : Amount.zero);
    if (beyond.sign > 0) found.push(`${what}: ${said.toString()} was told, ${is.toString()} follows`);
  };
  const { spread, slippage, exitCost, fees, evened } = told.causes;
  const cost = Amount.sum(told.open.map((lot) => Amount.of(lot.cost)));
  const traded = Amount.sum([spread, slippage, exitCost].map(Amount.of));
  compare('cash', Amount.of(told.cash), counted.cash);
  compare('fees', Amount.of(fees), counted.fees);
  compare('spread, slippage and exit costs', traded, counted.cash.minus(counted.fees).minus(counted.held));
  compare('what was evened less the cost of what is open', Amount.of(evened).minus(cost), counted.held);
  for (const name of new Set([...Object.keys(told.otherFees), ...counted.otherFees.keys()])) {
    compare(`fees in ${name}`, Amount.of(told.otherFees[name] ?? '0'), counted.otherFees.get(name) ?? Amount.zero);
  }
  const sizes = new Map(told.open.map(({ base, size }) => [base, Amount.of(size)]));
  for (const base of new Set([...sizes.keys(), ...counted.base.keys()])) {
    compare(`${base} that stand alone`, sizes.get(base) ?? Amount.zero, counted.base.get(base) ?? Amount.zero);
  }
  compare('realised', Amount.of(told.realised), Amount.sum([traded, Amount.of(fees), Amount.of(evened)]));
  compare('realised less the cost of what is open', Amount.of(told.realised).minus(cost), counted.cash);
  if (told.total !== null) {
    const value = Amount.sum(told.open.map(({ size, mark }) => Amount.of(size).times(Amount.of(mark ?? '0'))));
    compare('total', Amount.of(told.total), counted.cash.plus(value));
  }
  return found;
}
