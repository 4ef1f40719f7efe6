import { expect, test } from '@jest/globals';
import { MemoryLastValues } from '@parallax/cache';
import { SYSTEM_SERVICES, type LastValues, type RegimeEvent } from '@parallax/types';
import { sharedLastValues } from './shared-last-values.js';

const regime: RegimeEvent = {
  venue: 'okx', symbol: 'BTC/USDT', base: 'BTC', horizon: '1m', regime: 'NORMAL', previous: null, confidence: 1, strength: 0, changeBps: 0, realisedVolatilityBps: 0,
  enteredAtUs: 1, atUs: 1, origin: { venue: 'okx', connection: 1, frame: 1, receivedAtUs: 1 },
} as unknown as RegimeEvent;

test('of the cache that services of one process share, one counts the faults; what any of them puts all of them know', async () => {
  const own = new MemoryLastValues();
  const failing: LastValues = {
    counters: { cacheFailed: 3 }, putQuote: (...given) => own.putQuote(...given), putRegime: (given) => own.putRegime(given), recall: () => own.recall(),
  };
  const shared = SYSTEM_SERVICES.map((name) => sharedLastValues(failing, name));
  expect(shared.reduce((sum, { counters: { cacheFailed = 0 } }) => sum + cacheFailed, 0)).toBe(3);
  shared.at(-1)!.putRegime(regime);
  expect((await shared[0].recall()).regimes).toEqual([regime]);
});
