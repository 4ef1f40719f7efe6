import { expect, test } from '@jest/globals';
import { exits, instruments } from '../test/scene.js';
import { exitOrderOf, type ExitFacts } from './exit-order.js';
import { costAgainst, Money, priceAtCost, quoteValue } from './money.js';

const table = instruments();
const facts = (changes: Partial<ExitFacts> = {}): ExitFacts => ({
  exit: exits[1], specification: table.get(table.find('binance', 'BTC/USDT')), currency: 'USDT', part: new Money(1),
  reference: new Money(100), feeRate: '0.001', quote: undefined, ...changes,
});

test('the limit price keeps cost and fee within the limit, on the step that is not worse', () => {
  // Sell back 1 bought at 100: (100 − p) + 0.001 p ≤ 3 gives p ≥ 97.0970…, so 97.1; cost 2.9 + 0.0971.
  expect(exitOrderOf(facts())).toEqual({ kind: 'order', price: '97.1', size: '1', worstCost: '2.9971' });
  expect(exitOrderOf(facts({ exit: { ...exits[1], price: '98' } }))).toMatchObject({ price: '98' });
});

test('the size is the uneven part, rounded down to the step, never more', () => {
  expect(exitOrderOf(facts({ part: new Money('0.33339') }))).toMatchObject({ size: '0.333' });
  expect(exitOrderOf(facts({ part: new Money('0.0009') }))).toEqual({ kind: 'impossible', reason: 'too small for an order' });
  expect(exitOrderOf(facts({ part: new Money('0.01') }))).toEqual({ kind: 'impossible', reason: 'worth too little for an order' });
});

test('what cannot be reckoned is not sent', () => {
  expect(exitOrderOf(facts({ feeRate: undefined }))).toMatchObject({ reason: 'no fee rate is known for binance' });
  expect(exitOrderOf(facts({ currency: 'USDC' }))).toMatchObject({ reason: 'its cost is in USDT, not USDC' });
  expect(exitOrderOf(facts({ specification: undefined }))).toMatchObject({ kind: 'impossible' });
});

test.each(['buy', 'sell'] as const)('at the bound, %s costs exactly the limit, linear and inverse', (side) => {
  for (const number of [0, 3]) {
    const specification = table.get(number);
    const [reference, size, fee, limit] = [new Money(50_000), new Money(7), new Money('0.0005'), new Money('11.5')];
    const price = priceAtCost(specification, side, reference, size, fee, limit);
    const cost = costAgainst(specification, side, reference, price, size).plus(quoteValue(specification, price, size).times(fee));
    expect(cost.toDecimalPlaces(20).toFixed()).toBe('11.5');
  }
});
