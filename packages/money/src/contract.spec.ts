import { expect, test } from '@jest/globals';
import { Ratio } from '@parallax/testing';
import fc from 'fast-check';
import { ALL, COIN_M, OKX_INVERSE, OKX_SWAP, SPOT } from '../test/support/instruments.js';
import { contractOf } from './contract.js';
import { Money } from './decimal.js';
import { rounded } from './rounding.js';
import { moneyText } from './text.js';

const worth = (specification: (typeof ALL)[number], price: string, size: string): string[] => {
  const contract = contractOf(specification);
  const of = [new Money(price), new Money(size)] as const;
  return [contract.value(...of), contract.base(...of), contract.settled(...of)].map(moneyText);
};

test('what a size is worth in quote, in base and where it settles', () => {
  expect(worth(SPOT, '60000.5', '0.4')).toEqual(['24000.2', '0.4', '24000.2']);
  // 40 contracts of 0.01 BTC.
  expect(worth(OKX_SWAP, '60000.5', '40')).toEqual(['24000.2', '0.4', '24000.2']);
  // 240 contracts of 100 USD.
  expect(worth(OKX_INVERSE, '60000', '240')).toEqual(['24000', '0.4', '0.4']);
  // 7 contracts of 10 USD.
  expect(worth(COIN_M, '3000', '7')).toEqual(['70', `0.02${'3'.repeat(38)}`, `0.02${'3'.repeat(38)}`]);
});

test('prices, values and base units agree with quotients of whole numbers', () => {
  const units = fc.integer({ min: 1, max: 100_000_000 });
  fc.assert(fc.property(fc.constantFrom(...ALL), units, units, (specification, priceUnits, sizeUnits) => {
    const contract = contractOf(specification);
    const [price, size] = [new Money(priceUnits).times(`1e-${specification.priceScale}`), new Money(sizeUnits).times(`1e-${specification.sizeScale}`)];
    const [p, s, c] = [moneyText(price), moneyText(size), specification.contractSize].map((one) => Ratio.of(one));
    const expected = specification.inverse ? [s.times(c), s.times(c).by(p).rounded(40)] : [s.times(c).times(p), s.times(c)];
    const found = [contract.value(price, size), contract.base(price, size)].map((one) => Ratio.of(moneyText(one)));
    expect(found.map((one, at) => one.equals(expected[at]))).toEqual([true, true]);
    expect(contract.settled(price, size).eq(specification.inverse ? contract.base(price, size) : contract.value(price, size))).toBe(true);
    expect(contract.sizeOf(contract.units(size)).eq(size)).toBe(true);
    // What a quotient cost leads back to the price itself, as it is told.
    expect(rounded(contract.priceAt(size, contract.settled(price, size))).eq(price)).toBe(true);
  }));
});

test('an order is worth enough where it is worth the least notional, without a division', () => {
  const third = contractOf({ ...COIN_M, minimumNotional: '0.023333333333333333333333' });
  // 70 ÷ 3000 is the least and a third of its last digit more.
  expect(third.isWorthPlacing(new Money(3000), new Money(7))).toBe(true);
  expect(third.isWorthPlacing(new Money('3000.00000000000000000001'), new Money(7))).toBe(true);
  expect(third.isWorthPlacing(new Money('3000.0000000000000000001'), new Money(7))).toBe(false);
  const spot = contractOf(SPOT);
  expect([['50000', '0.0001'], ['49999.99', '0.0001']].map(([price, size]) => spot.isWorthPlacing(new Money(price), new Money(size)))).toEqual([true, false]);
});

test('a contract is read once', () => {
  expect(contractOf(SPOT)).toBe(contractOf(SPOT));
  expect(contractOf({ ...SPOT })).not.toBe(contractOf(SPOT));
});
