import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ALL, COIN_M, OKX_SWAP } from '../test/support/instruments.js';
import { contractOf } from './contract.js';
import { Money } from './decimal.js';
import { costAgainst, costWithFee, priceAtCost } from './trade-cost.js';
import { moneyText } from './text.js';

test('what a worse price costs, in quote currency', () => {
  const money = (text: string): Money => new Money(text);
  // 50 contracts of 0.01 at 10 more.
  expect(moneyText(costAgainst(contractOf(OKX_SWAP), 'buy', money('60000'), money('60010'), money('50')))).toBe('5');
  expect(moneyText(costAgainst(contractOf(OKX_SWAP), 'sell', money('60000'), money('60010'), money('50')))).toBe('-5');
  // 300 USD sold at 1500 instead of 2000: 0.15 ETH became 0.2 owed; 0.05 ETH at 1500.
  expect(moneyText(costAgainst(contractOf(COIN_M), 'sell', money('2000'), money('1500'), money('30')))).toBe('75');
  expect(moneyText(costWithFee(contractOf(COIN_M), 'sell', money('2000'), money('1500'), money('30'), money('0.001')))).toBe('75.3');
});

test('the price at a cost costs that', () => {
  const rate = fc.integer({ min: -3, max: 20 }).map((bps) => new Money(bps).times('1e-4'));
  const number = fc.integer({ min: 1_000, max: 100_000 });
  fc.assert(fc.property(fc.constantFrom(...ALL), fc.constantFrom('buy' as const, 'sell' as const), number, number, rate, fc.integer({ min: 1, max: 100 }), (specification, side, reference, size, fee, bps) => {
    const contract = contractOf(specification);
    const of = [new Money(reference).times('0.1'), new Money(size)] as const;
    const limit = contract.value(...of).times(bps).times('1e-4');
    const price = priceAtCost(contract, side, of[0], of[1], fee, limit);
    const cost = costWithFee(contract, side, of[0], price, of[1], fee);
    expect(cost.minus(limit).abs().lessThan('1e-12')).toBe(true);
  }));
});
