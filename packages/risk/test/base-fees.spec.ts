import { Money } from '@parallax/money';
import type { Fill } from '@parallax/types';
import { expect, test } from '@jest/globals';
import { ACCOUNT, fillOf, inverse, NOW, orderOf, pairIntent, pairWorld, worldOf } from './support.js';

const intent = pairIntent('one', '1');
/** A fill of the purchase at `a` (0) or the sale at `b` (1). */
const fill = (leg: number, id: string, size: string, price: string, changes: Partial<Fill> = {}): Fill => fillOf(orderOf(intent, leg), id, size, price, changes);
const texts = (amounts: ReadonlyMap<string, Money>): Record<string, string> => Object.fromEntries([...amounts].map(([name, amount]) => [name, amount.toFixed()]));

test('a fee taken out of what was bought is not held: positions, exposure and balances are what came', () => {
  const { core } = pairWorld();
  core.onFill(fill(0, 'f1', '1', '100', { fee: '0.002', feeCurrency: 'BTC' }), NOW);
  const ledger = core.ledger(ACCOUNT);
  // 100 were paid; 0.998 came, for 100 each, and 0.002 of them were the fee.
  const { size, cost } = ledger.exposures.get('a:BTC/USDT')!.holding;
  expect([size.toFixed(), cost.toFixed()]).toEqual(['0.998', '99.8']);
  expect(ledger.positions.list()).toMatchObject([{ size: '0.998', averagePrice: '100', fees: '0.2' }]);
  expect([ledger.balances.get('a', 'BTC').toFixed(), ledger.balances.get('a', 'USDT').toFixed()]).toEqual(['100.998', '999900']);
  // What came is sold at another venue: nothing is left open, and the profit is the cash.
  core.onFill(fill(1, 'f2', '0.998', '101'), NOW);
  expect([...ledger.profit.open()]).toEqual([]);
  expect(texts(ledger.profit.total())).toEqual({ USDT: new Money('0.998').times(101).minus(100).toFixed() });
});

test('a sale whose fee is taken beside it takes more than its size', () => {
  const { core } = pairWorld();
  core.onFill(fill(1, 'f1', '1', '101', { fee: '0.002', feeCurrency: 'BTC' }), NOW);
  const ledger = core.ledger(ACCOUNT);
  expect(ledger.positions.list()).toMatchObject([{ size: '-1.002', averagePrice: '101', fees: '0.202' }]);
  expect([ledger.balances.get('b', 'BTC').toFixed(), ledger.balances.get('b', 'USDT').toFixed()]).toEqual(['98.998', '1000101']);
});

test('an inverse contract that settles in base holds all of its contracts, whatever its fee', () => {
  const { core } = worldOf([inverse('a')]);
  core.onFill(fill(0, 'f1', '10', '50000', { symbol: 'BTC/USD:BTC', fee: '0.0001', feeCurrency: 'BTC' }), NOW);
  const ledger = core.ledger(ACCOUNT);
  expect(ledger.positions.list()).toMatchObject([{ size: '10', fees: '0.0001' }]);
  expect(ledger.balances.get('a', 'BTC').toFixed()).toBe('99.9999');
});
