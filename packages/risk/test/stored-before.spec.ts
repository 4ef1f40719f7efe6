import { expect, test } from '@jest/globals';
import type { Fill } from '@parallax/types';
import { reportOf, restore, type RiskSnapshot, snapshot } from '../src/index.js';
import { ACCOUNT, inverse, NOW, worldOf } from './support.js';

/** Seven contracts of 100 USD sold at 30,000, as a version wrote them that kept quotients at the 24th decimal. */
const SETTLED = '-0.023333333333333333333333';
const BEFORE: RiskSnapshot = {
  version: 1, verdicts: [], halts: [],
  accounts: [{
    account: ACCOUNT, records: [], balances: { 'a|BTC': '-0.001000000000000000000001' }, pairs: {},
    holdings: [{ venue: 'a', symbol: 'BTC/USD:BTC', size: '-7', value: '-700', settled: SETTLED }],
    profit: {
      nets: [{ base: 'BTC', quote: 'USD', instrument: 'a:BTC/USD:BTC', size: SETTLED, value: '-700' }],
      windows: { USD: { entries: [[NOW, '-1.000000000000000000000001']], days: [[20_370, '-1.000000000000000000000001']] } },
      totals: { USD: '-1.000000000000000000000001' },
    },
    positions: [{
      account: ACCOUNT, strategy: 's', venue: 'a', symbol: 'BTC/USD:BTC', size: '-7', value: '-700', settled: SETTLED, realised: '-0.001000000000000000000001',
      fees: '0', updatedAtUs: NOW,
    }],
  }],
};

test('a snapshot of an earlier version is read on, and written as it was read', () => {
  const { core } = worldOf([inverse('a')]);
  restore(core, BEFORE, NOW);
  expect(snapshot(core, NOW)).toEqual(BEFORE);
  const fill: Fill = {
    id: 'f', orderId: 'o', intentId: 'i', leg: 0, account: ACCOUNT, strategy: 's', venue: 'a', symbol: 'BTC/USD:BTC', side: 'buy', price: '25000', size: '7',
    fee: '0', feeCurrency: 'BTC', liquidity: 'taker', atUs: NOW + 1,
  };
  core.onFill(fill, NOW + 1);
  // 0.028 were bought of what was sold as 0.02333…: 0.00466… more than was owed.
  expect(reportOf(core, ACCOUNT, NOW + 1).positions).toMatchObject([{ size: '0', averagePrice: null, realised: '0.003666666666666667' }]);
});
