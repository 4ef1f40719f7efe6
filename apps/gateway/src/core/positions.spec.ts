import { expect, test } from '@jest/globals';
import type { Position } from '@parallax/types';
import { GatewayCore } from './gateway-core.js';

const position = (size: string, updatedAtUs: number): Position => ({
  account: 'main', strategy: 's', venue: 'binance', symbol: 'BTC/USDT', size, averagePrice: '100', realised: '0', fees: '0', currency: 'USDT', updatedAtUs,
});

test('a position that is told again moves nothing; of two fills in one microsecond the later counts', () => {
  const core = new GatewayCore();
  const told = (one: Position): unknown[] => {
    core.onPosition(one);
    return core.takeChanges().filter(({ entity }) => entity === 'position').map(({ value }) => value);
  };
  expect(told(position('1', 5))).toEqual([position('1', 5)]);
  expect(told(position('1', 5))).toEqual([]);
  expect(told(position('2', 5))).toEqual([position('2', 5)]);
  expect(told(position('1', 4))).toEqual([]);
});
