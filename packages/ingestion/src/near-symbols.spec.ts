import { expect, test } from '@jest/globals';
import { nearSymbols } from './near-symbols.js';

const LISTED = ['BTC/USDT', 'BTC/USDC', 'BTC/USDT:USDT', 'ETH/USDT', 'SOL/USDT', 'DOGE/USD'];

test.each([
  ['BTC/USTD', ['BTC/USDT', 'BTC/USDT:USDT', 'BTC/USDC']],
  ['btc/usdt', ['BTC/USDT', 'BTC/USDT:USDT', 'BTC/USDC']],
  ['ETH/USDT:USDT', ['ETH/USDT', 'BTC/USDT:USDT']],
  ['DOGE/USDT', ['DOGE/USD']],
  ['PEPE/EUR', []],
])('near %s are %j', (wanted, near) => {
  expect(nearSymbols(wanted, LISTED)).toEqual(near);
});
