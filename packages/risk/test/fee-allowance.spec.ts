import { expect, test } from '@jest/globals';
import { Money } from '@parallax/money';
import { type FeeRate, InstrumentTable } from '@parallax/types';
import { DEFAULT_LIMITS, RiskCore, type RiskLimits } from '../src/index.js';
import { ACCOUNT, codesOf, intentOf, inverse, leg, NOW, pairIntent, spot, swap } from './support.js';

/** Risk over venues that take such fees, with so much of a currency at `a`, and enough of everything at `b`. */
function coreOf(balance: readonly [currency: string, amount: string], takerFees: Readonly<Record<string, FeeRate>>, limits: Partial<RiskLimits> = {}): RiskCore {
  const table = new InstrumentTable();
  for (const venue of ['a', 'b']) for (const specification of [spot(venue), swap(venue), inverse(venue)]) table.add(specification);
  const core = new RiskCore({ instruments: table, limits: { ...DEFAULT_LIMITS, ...limits }, takerFees });
  core.setStartBalance(ACCOUNT, 'a', ...balance);
  for (const currency of ['USDT', 'BTC']) core.setStartBalance(ACCOUNT, 'b', currency, '1000000');
  return core;
}
let count = 0;
const lacks = (core: RiskCore, intent = pairIntent(`i${count++}`)): boolean => codesOf(core.judge(intent, NOW)).includes('BALANCE_INSUFFICIENT');

test('what a purchase takes is its value with the fee of its own venue, and no less than the allowance', () => {
  // 0.01 for 100,000 is 1,000.
  const dear = { a: '0.012', b: '0.004' };
  expect(lacks(coreOf(['USDT', '1012'], dear))).toBe(false);
  expect(lacks(coreOf(['USDT', '1011.99'], dear))).toBe(true);
  expect(lacks(coreOf(['USDT', '1002'], { a: '0.0005' }))).toBe(false);
  expect(lacks(coreOf(['USDT', '1001.99'], { a: '0.0005' }))).toBe(true);
  expect(lacks(coreOf(['USDT', '1019.99'], dear, { feeAllowance: '0.02' }))).toBe(true);
});

test('a venue charges each kind of market by its own rate; one that is not known counts by the allowance', () => {
  const rates = { a: { spot: '0.01', derivative: '0.03' } };
  expect([lacks(coreOf(['USDT', '1010'], rates)), lacks(coreOf(['USDT', '1009.99'], rates))]).toEqual([false, true]);
  // 100 contracts of 0.01 BTC at 1,000: a value of 1,000, collateral in whole.
  const perpetual = (): ReturnType<typeof intentOf> =>
    intentOf(`p${count++}`, [leg(0, 'a', 'buy', '1000.00', '100', 'BTC/USDT:USDT'), leg(1, 'b', 'sell', '1000.00', '100', 'BTC/USDT:USDT')], []);
  expect([lacks(coreOf(['USDT', '1030'], rates), perpetual()), lacks(coreOf(['USDT', '1029.99'], rates), perpetual())]).toEqual([false, true]);
  expect(lacks(coreOf(['USDT', '1002'], { a: { spot: '0.01' } }), perpetual())).toBe(false);
});

test('the fees of orders that are under way are held too', () => {
  const withOneUnderWay = (amount: string): RiskCore => {
    const core = coreOf(['USDT', amount], { a: '0.012' });
    const size = new Money('0.01');
    const value = new Money('1000');
    core.ledger(ACCOUNT).exposures.reserve(core.catalogue.find('a', 'BTC/USDT')!, 'buy', { size, value, settled: value });
    return core;
  };
  expect([lacks(withOneUnderWay('2024')), lacks(withOneUnderWay('2023.99'))]).toEqual([false, true]);
  const core = withOneUnderWay('2024');
  const facts = core.catalogue.find('a', 'BTC/USDT')!;
  const { exposures } = core.ledger(ACCOUNT);
  expect(exposures.held(facts.quoteHeld).toFixed()).toBe('1012');
  exposures.release(facts, 'buy', { size: new Money('0.01'), value: new Money('1000'), settled: new Money('1000') });
  expect(exposures.held(facts.quoteHeld).toFixed()).toBe('0');
});
