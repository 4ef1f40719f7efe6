import { expect, test } from '@jest/globals';
import { ACCOUNT, codesOf, fillOf, NOW, orderOf, pairIntent, pairWorld, spot } from './support.js';

const MINUTE_US = 60_000_000;
const DAY_US = 86_400_000_000;

test('one fill whose instrument is learnt later is booked then, and until then nothing is approved', () => {
  const { core, table } = pairWorld();
  core.onFill(fillOf({ ...orderOf(pairIntent('before'), 0), venue: 'c' }, 'f1', '0.01'), NOW);
  expect(codesOf(core.judge(pairIntent('one'), NOW))).toEqual(['RISK_STATE_UNKNOWN']);
  table.add(spot('c'));
  core.onWake(NOW);
  expect(core.ledger(ACCOUNT).exposures.get('c:BTC/USDT')?.holding.size.toFixed()).toBe('0.01');
  expect(core.judge(pairIntent('two'), NOW).kind).toBe('approved');
});

test('verdicts are looked through once a minute, and forgotten a day after they were over', () => {
  const { core } = pairWorld();
  const { expiresAtUs } = pairIntent('one');
  core.judge(pairIntent('one', '0.01', { expectedNet: '-1' }), NOW);
  expect(core.wakeAtUs).toBe(NOW + MINUTE_US);
  core.onWake(NOW + MINUTE_US - 1);
  expect(core.wakeAtUs).toBe(NOW + MINUTE_US);
  core.onWake(NOW + MINUTE_US);
  expect([core.verdicts.size, core.wakeAtUs]).toEqual([1, NOW + 2 * MINUTE_US]);
  core.onWake(expiresAtUs + DAY_US - 1);
  expect(core.verdicts.size).toBe(1);
  core.onWake(core.wakeAtUs);
  expect([core.verdicts.size, core.wakeAtUs]).toEqual([0, Infinity]);
});
