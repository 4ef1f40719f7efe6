import type { Fill, Order } from '@parallax/types';
import { expect, test } from '@jest/globals';
import { toldText } from '@parallax/money';
import { instruments } from '../test/scene.js';
import { OrderRecord } from './order-record.js';

const table = instruments();

/** The average price of an order with these fills. */
function average(venue: string, symbol: string, ...fills: [price: string, size: string][]): string {
  const record = new OrderRecord({ id: 'o', state: 'open', venueOrderId: 'v' } as Order, 0);
  const specification = table.get(table.find(venue, symbol));
  fills.forEach(([price, size], number) => {
    record.take({ id: `f${number}`, side: 'buy', price, size, fee: '0', feeCurrency: specification.settle } as Fill, specification);
  });
  return toldText(record.averagePrice!);
}

test('the average price is the one at which as much would have been had for as much, linear and inverse', () => {
  expect(average('binance', 'BTC/USDT', ['100', '1'], ['104', '3'])).toBe('103');
  // 1,000 USD at 20,000 and at 25,000: 2,000 USD for 0.09 BTC. 22,500 would be 0.0888… BTC.
  expect(average('binancecoinm', 'BTC/USD:BTC', ['20000', '10'], ['25000', '10'])).toBe('22222.222222222222222222');
  expect(average('binancecoinm', 'BTC/USD:BTC', ['30000', '7'])).toBe('30000');
});
