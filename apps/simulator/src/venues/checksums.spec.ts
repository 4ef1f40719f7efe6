import { expect, test } from '@jest/globals';
import { ModelBook, type InstrumentMarket } from '@parallax/market-model';
import { krakenChecksum } from './kraken-window.js';
import { okxChecksum } from './okx.js';

function marketOf(bids: [number, number][], asks: [number, number][], priceScale: number, sizeScale: number): InstrumentMarket {
  const book = new ModelBook();
  for (const [price, size] of bids) book.bids.set(price, size);
  for (const [price, size] of asks) book.asks.set(price, size);
  return { book, specification: { priceScale, sizeScale } } as unknown as InstrumentMarket;
}

test('kraken: the value of the venue\'s own sample', () => {
  const asks = Array.from({ length: 10 }, (_, i): [number, number] => [5005 + 5 * i, 500]);
  const bids = [5000, 4995, 4990, 4980, 4975, 4970, 4965, 4960, 4955, 4950].map((price): [number, number] => [price, 500]);
  expect(krakenChecksum(marketOf(bids, asks, 5, 8))).toBe(974947235);
});

test('okx, old dialect: the value of the documented book, one side shorter than the other', () => {
  expect(okxChecksum(marketOf([[33661, 7], [33660, 6]], [[33668, 9], [33680, 8]], 1, 0))).toBe(-1881014294);
});
