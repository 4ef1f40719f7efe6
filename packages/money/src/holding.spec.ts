import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ALL, COIN_M, OKX_INVERSE, SPOT } from '../test/support/instruments.js';
import { contractOf } from './contract.js';
import { Money, ZERO } from './decimal.js';
import { addTrade, averagePriceOf, emptyHolding, type Holding } from './holding.js';
import { rounded } from './rounding.js';
import { moneyText } from './text.js';

const trade = (holding: Holding, specification: (typeof ALL)[number], size: string, price: string): string => {
  const contract = contractOf(specification);
  const signed = new Money(size);
  return moneyText(addTrade(holding, { size: signed, cost: contract.settled(new Money(price), signed) }, specification.inverse));
};
const average = (holding: Holding, specification: (typeof ALL)[number]): string => {
  const price = averagePriceOf(contractOf(specification), holding);
  return price === null ? 'none' : moneyText(rounded(price));
};

test('spot: averages, a part closed, turned round, flat', () => {
  const holding = emptyHolding();
  expect([trade(holding, SPOT, '1', '100'), trade(holding, SPOT, '3', '104'), average(holding, SPOT)]).toEqual(['0', '0', '103']);
  expect([trade(holding, SPOT, '-2', '110'), average(holding, SPOT)]).toEqual(['14', '103']);
  expect([trade(holding, SPOT, '-3', '100'), average(holding, SPOT), moneyText(holding.size)]).toEqual(['-6', '100', '-1']);
  expect([trade(holding, SPOT, '1', '90'), average(holding, SPOT), moneyText(holding.cost)]).toEqual(['10', 'none', '0']);
});

test('inverse: contracts × (1/entry − 1/exit) in base, long and short; the average is the harmonic one', () => {
  const long = emptyHolding();
  // 100 USD a contract: 10 at 20,000 and 10 at 25,000 are 0.09 BTC, 22,222.2… on average.
  trade(long, OKX_INVERSE, '10', '20000');
  trade(long, OKX_INVERSE, '10', '25000');
  expect(average(long, OKX_INVERSE)).toBe('22222.222222222222222222');
  expect([trade(long, OKX_INVERSE, '-20', '40000'), moneyText(long.cost)]).toEqual(['0.04', '0']);
  const short = emptyHolding();
  trade(short, COIN_M, '-300', '2000');
  expect([trade(short, COIN_M, '300', '1500'), moneyText(short.size)]).toEqual(['0.5', '0']);
});

test('no digit is lost: what was realised and what is left of the cost are all that moved', () => {
  const fill = fc.tuple(fc.integer({ min: -30, max: 30 }).filter((size) => size !== 0), fc.integer({ min: 3, max: 999 }));
  fc.assert(fc.property(fc.constantFrom(...ALL), fc.array(fill, { minLength: 1, maxLength: 20 }), (specification, fills) => {
    const contract = contractOf(specification);
    const holding = emptyHolding();
    let [realised, moved, size] = [ZERO, ZERO, ZERO];
    for (const [units, price] of fills) {
      const cost = contract.settled(new Money(price), new Money(units));
      realised = realised.plus(addTrade(holding, { size: new Money(units), cost }, specification.inverse));
      moved = moved.plus(cost);
      size = size.plus(units);
    }
    const gained = specification.inverse ? realised : realised.negated();
    expect(holding.cost.plus(gained).eq(moved)).toBe(true);
    expect(holding.size.eq(size)).toBe(true);
    if (size.isZero()) expect(holding.cost.isZero()).toBe(true);
    else expect(holding.cost.isNegative()).toBe(size.isNegative());
  }));
});
