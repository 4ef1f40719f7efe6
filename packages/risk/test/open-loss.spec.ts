import { expect, test } from '@jest/globals';
import { Trust } from '@parallax/types';
import { StoppingLosses } from '../src/index.js';
import { codesOf, fillOf, NOW, orderOf, pairIntent, spot, swap, type World, worldOf } from './support.js';

const LIMITS = { maxHourlyLoss: '10', cooldownUs: 0 };
const OLD_US = 2_000_001;

/** Holds 0.01 bought at `c` for 100,000; `a` and `b` pay for a plan of another base. */
function holding(): World {
  const made = worldOf([
    spot('a', { symbol: 'ETH/USDT', base: 'ETH' }), spot('b', { symbol: 'ETH/USDT', base: 'ETH' }), spot('c'), spot('d'), swap('e'),
  ], LIMITS);
  made.quote('a', 'ETH/USDT', '99990.00', '100000.00');
  made.quote('b', 'ETH/USDT', '100500.00', '100510.00');
  for (const venue of ['a', 'b']) made.core.setStartBalance('main', venue, 'ETH', '100');
  made.core.onFill(fillOf({ ...orderOf(pairIntent('held'), 0), venue: 'c' }, 'f1', '0.01', '100000.00'), NOW);
  return made;
}
let count = 0;
/** The codes on a plan in ETH: what stands open in BTC alone may refuse it. */
const judged = ({ core }: World, nowUs = NOW): string[] => {
  const { plan, ...intent } = pairIntent(`i${count++}`, '0.01', { createdAtUs: nowUs, expiresAtUs: nowUs + 1_000_000 });
  const legs = plan.legs.map((one) => ({ ...one, symbol: 'ETH/USDT' }));
  const exits = plan.exits.map((one) => ({ ...one, symbol: 'ETH/USDT' }));
  return codesOf(core.judge({ ...intent, plan: { ...plan, legs, exits } }, nowUs));
};

test('what is open and was never marked is an unknown loss, after a start too', () => {
  const made = holding();
  expect(judged(made)).toEqual(['RISK_STATE_UNKNOWN']);
  made.quote('c', 'BTC/USDT', '99990.00', '100010.00');
  expect(judged(made)).toEqual([]);
});

test.each<[string, (made: World) => void]>([
  ['is suspect', (made) => made.quote('c', 'BTC/USDT', '99990.00', '100010.00', { trust: Trust.suspect })],
  ['lost its sides', (made) => made.quote('c', 'BTC/USDT', '0.00', '0.00')],
  ['is old', (made) => made.quote('c', 'BTC/USDT', '99990.00', '100010.00', { atUs: NOW - OLD_US })],
  ['is of the future', (made) => made.quote('c', 'BTC/USDT', '99990.00', '100010.00', { atUs: NOW + 3_600_000_000 })],
])('where the book of the last venue %s another of the same base and quote marks, spot first', (_what, breakIt) => {
  const made = holding();
  breakIt(made);
  made.quote('e', 'BTC/USDT:USDT', '99990.00', '100010.00');
  expect(judged(made)).toEqual([]);
  // 0.01 at a middle of 98,990 has lost 10.1.
  made.quote('d', 'BTC/USDT', '98980.00', '99000.00');
  expect(judged(made)).toEqual(['HOURLY_LOSS_LIMIT']);
});

test('where every book is blind a loss that stood is kept', () => {
  const made = holding();
  made.quote('c', 'BTC/USDT', '98980.00', '99000.00');
  expect(judged(made)).toEqual(['HOURLY_LOSS_LIMIT']);
  made.quote('c', 'BTC/USDT', '98980.00', '99000.00', { trust: Trust.resyncing });
  expect(judged(made)).toEqual(['HOURLY_LOSS_LIMIT']);
  const laterUs = NOW + 60_000_000;
  for (const [venue, bid, ask] of [['a', '99990.00', '100000.00'], ['b', '100500.00', '100510.00']]) made.quote(venue, 'ETH/USDT', bid, ask, { atUs: laterUs });
  expect(judged(made, laterUs)).toEqual(['HOURLY_LOSS_LIMIT']);
});

test('what is open in a currency without a conversion is an unknown loss', () => {
  const made = worldOf([spot('a'), spot('b'), spot('c', { symbol: 'BTC/EUR', quote: 'EUR', settle: 'EUR' })], LIMITS);
  made.quote('a', 'BTC/USDT', '99990.00', '100000.00');
  made.quote('b', 'BTC/USDT', '100500.00', '100510.00');
  made.quote('c', 'BTC/EUR', '99990.00', '100000.00');
  made.core.onFill(fillOf({ ...orderOf(pairIntent('held'), 0), venue: 'c', symbol: 'BTC/EUR' }, 'f1', '0.01', '100000.00'), NOW);
  expect(codesOf(made.core.judge(pairIntent('one'), NOW))).toContain('RISK_STATE_UNKNOWN');
});

test('a loss that stays unknown is a trouble with its account and what lacks, for as long as plans are refused for it', () => {
  const made = holding();
  const losses = new StoppingLosses(made.core);
  const told = (atUs: number): string[] => losses.troubles(atUs).map(({ severity, key, summary }) => `${severity} ${key} ${summary}`);
  expect([told(NOW), told(NOW + 29_999_999)]).toEqual([[], []]);
  const expected = 'critical loss-unknown.main risk approves nothing for account main, whose loss is not known: no trusted quote marks what is open of BTC against USDT';
  expect(told(NOW + 30_000_000)).toEqual([expected]);
  made.quote('d', 'BTC/USDT', '99990.00', '100010.00', { atUs: NOW + 40_000_000 });
  expect(told(NOW + 40_000_000)).toEqual([]);
  // It was known for a moment: what lacks then has lacked since.
  made.core.onFill(fillOf({ ...orderOf(pairIntent('b'), 0), venue: 'd' }, 'f2', '0.01', '100000.00', { fee: '0.1', feeCurrency: 'BNB' }), NOW + 41_000_000);
  expect([told(NOW + 50_000_000), told(NOW + 79_000_000)]).toEqual([[], []]);
  expect(told(NOW + 80_000_000)).toEqual([
    'critical loss-unknown.main risk approves nothing for account main, whose loss is not known: no priced conversion from BNB to USDT',
  ]);
});

test('a loss that has reached its limit is a trouble at once, with the amounts, and stops trading where that is so of every account', () => {
  const made = holding();
  const losses = new StoppingLosses(made.core);
  made.quote('c', 'BTC/USDT', '99990.00', '100010.00');
  expect(losses.troubles(NOW)).toEqual([]);
  made.quote('c', 'BTC/USDT', '98980.00', '99000.00');
  expect(judged(made)).toEqual(['HOURLY_LOSS_LIMIT']);
  expect(losses.troubles(NOW)).toMatchObject([{
    key: 'loss-limit.main', severity: 'critical', stopsTrading: true, summary: expect.stringMatching(/has reached its limit: 10\.1 USDT in the last hour, at most 10\./),
  }]);
  made.core.ledger('other');
  expect(losses.troubles(NOW)[0].stopsTrading).toBeUndefined();
  made.quote('c', 'BTC/USDT', '99990.00', '100010.00');
  expect(losses.troubles(NOW)).toEqual([]);
});
