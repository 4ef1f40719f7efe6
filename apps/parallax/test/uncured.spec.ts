import { afterEach, expect, test } from '@jest/globals';
import { QuietMarket } from './support/quiet-market.js';

const SYMBOLS = ['BTC/USD', 'ETH/USD', 'SOL/USD', 'BTC/USDT'];

let market: QuietMarket;
afterEach(() => market.close());

test('a book whose checksum always fails is told and asked for ever less often; the three others of its connection lose nothing', async () => {
  market = await QuietMarket.open({ kraken: SYMBOLS });
  await market.until('everything is heard', () => market.isWhole);
  const [core] = market.connections.kraken;
  const [resyncs, asked] = [market.resyncs, market.cures.requests];
  market.simulator.addFault({ kind: 'wrong-checksum', venue: 'kraken', symbol: 'ETH/USD', count: 1_000_000, seconds: 0 });
  const others = SYMBOLS.filter((symbol) => symbol !== 'ETH/USD').map((symbol) => `kraken ${symbol}`);
  for (let second = 0; second < 100; second++) {
    await market.pass(1);
    for (const book of others) expect([second, book, market.trust.get(book), market.resyncs.get(book)]).toEqual([second, book, 'synced', resyncs.get(book)]);
  }
  // At 0, 1, 3, 7, 15, 31 and 63 seconds, each somewhat later for the snapshot's own way.
  expect(market.cures.requests - asked).toBeGreaterThanOrEqual(6);
  expect(market.cures.requests - asked).toBeLessThanOrEqual(8);
  expect(market.cures.troubles).toEqual([expect.stringMatching(/^uncured\.kraken\.ETH_USD: kraken ETH\/USD: \d+ fresh snapshots in a row did not hold for a minute \(checksum failed\); the next is asked for in \d+ s$/)]);
  expect(market.trust.get('kraken ETH/USD')).not.toBe('synced');
  expect([market.connections.kraken.length, market.connections.kraken[0] === core, core.losses]).toEqual([1, true, 0]);
});
