import { expect, test } from '@jest/globals';
import { Quote, QUOTE_COLUMNS, Trust, TrustCause, type InstrumentSpecification } from '@parallax/types';
import { quoteText } from './quote-text.js';

const specification: InstrumentSpecification = {
  venue: 'binance', symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 8, sizeScale: 8, priceStep: 1_000_000, sizeStep: 1_000, minimumSize: 1_000, minimumNotional: '5',
  status: 'trading', version: 2, source: 'listing',
};
const row = Object.assign(new Float64Array(QUOTE_COLUMNS), {
  [Quote.specificationVersion]: 2, [Quote.trust]: Trust.synced, [Quote.cause]: TrustCause.snapshotApplied,
  [Quote.bidPrice]: 6_468_883_000_000, [Quote.bidSize]: 150_000_000,
});

test('a quote is shown exactly, with the decimals of its steps', () => {
  expect(quoteText(specification, row, 0)).toMatchObject({ bid: { price: '64688.83', size: '1.50000' }, ask: null, trust: 'synced' });
});

test('integers of another version of the specification are not shown as prices', () => {
  const older = quoteText({ ...specification, version: 3, priceScale: 4 }, row, 0);
  expect(older).toMatchObject({ bid: null, trust: 'resyncing', cause: 'specification changed' });
});

test('a time that nobody has is told as none, never as 0', () => {
  expect(quoteText(specification, row, 0)).toMatchObject({ exchangeAtUs: null, provenAtUs: null });
  expect(quoteText(specification, Object.assign(row.slice(), { [Quote.provenAtUs]: 7 }), 0)).toMatchObject({ provenAtUs: 7 });
});
