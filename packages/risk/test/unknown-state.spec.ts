import { expect, test } from '@jest/globals';
import { codesOf, NOW, pairIntent, pairWorld } from './support.js';

test('nothing is approved until all that could not be read can be again', () => {
  const { core } = pairWorld({ cooldownUs: 0 });
  let count = 0;
  const judged = (): string[] => codesOf(core.judge(pairIntent(`i${count++}`), NOW));
  core.setKnown('the fills', false);
  core.setKnown('the limits', false);
  expect([judged(), core.unknown]).toEqual([['RISK_STATE_UNKNOWN', 'RISK_STATE_UNKNOWN'], ['the fills', 'the limits']]);
  core.setKnown('the fills', true);
  expect([judged(), core.unknown]).toEqual([['RISK_STATE_UNKNOWN'], ['the limits']]);
  core.setKnown('the limits', true);
  expect([judged(), core.unknown]).toEqual([[], []]);
});

test.each([['0.00', '100000.00', true], ['99990.00', '0.00', true], ['0.01', '100000.00', false], ['99990.00', '100000.00', false]])(
  'a book from %s to %s lacks a side: %s', (bid, ask, lacks) => {
    const world = pairWorld();
    world.quote('a', 'BTC/USDT', bid, ask);
    expect(codesOf(world.core.judge(pairIntent('i'), NOW)).includes('QUOTE_UNTRUSTED')).toBe(lacks);
  },
);
