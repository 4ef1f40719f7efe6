import { expect, test } from '@jest/globals';
import { Permission } from './permission.js';

const SILENCE_US = 3_000_000;

test('risk is silent from the very microsecond on for which it was last waited, and is not waited for again', () => {
  const permission = new Permission(SILENCE_US);
  expect([permission.refusalFor('main', 1), permission.silentAtUs(1)]).toEqual(['risk is silent', Infinity]);
  permission.onRiskAlive(1_000);
  const silentAtUs = 1_000 + SILENCE_US;
  expect([permission.silentAtUs(1_000), permission.silentAtUs(silentAtUs - 1)]).toEqual([silentAtUs, silentAtUs]);
  expect(permission.refusalFor('main', silentAtUs - 1)).toBeNull();
  // A time that is waited for once more at itself would let a clock that is driven by it stand still.
  expect([permission.refusalFor('main', silentAtUs), permission.silentAtUs(silentAtUs)]).toEqual(['risk is silent', Infinity]);
});

test('a halt of everything, one of the account, or a clock in doubt is enough', () => {
  const permission = new Permission(SILENCE_US);
  permission.onRiskAlive(1_000);
  const halt = (halted: boolean, reason: string) => ({ halted, by: 'ada', reason, atUs: 1 });
  permission.onHalt('other', halt(true, 'theirs'));
  expect(permission.refusalFor('main', 2_000)).toBeNull();
  permission.onHalt('main', halt(true, 'ours'));
  expect(permission.refusalFor('main', 2_000)).toBe('halted: ours');
  permission.onHalt(null, halt(true, 'all'));
  permission.onHalt('main', halt(false, 'over'));
  expect(permission.refusalFor('main', 2_000)).toBe('halted: all');
  permission.onHalt(null, halt(false, 'over'));
  permission.onClock(true);
  expect(permission.refusalFor('main', 2_000)).toBe('the clock of this machine is in doubt');
  permission.onClock(false);
  expect(permission.refusalFor('main', 2_000)).toBeNull();
});
