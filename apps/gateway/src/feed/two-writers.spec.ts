import { expect, test } from '@jest/globals';
import { createMemoryBus } from '@parallax/bus';
import { StageLatency } from '@parallax/runtime';
import { until } from '@parallax/testing';
import { layoutOf, Quote, QUOTE_COLUMNS, RowKind, Trust } from '@parallax/types';
import { bytesOfRow, subjects, TOPOLOGY } from '@parallax/wire';
import type { GatewayCore } from '../core/gateway-core.js';
import { BusFeed } from './bus-feed.js';

test('when a second writer of a venue is noticed the core is told once, before the quote that showed it', async () => {
  const bus = await createMemoryBus(TOPOLOGY);
  const told: string[] = [];
  const core = {
    onTwoWriters: (venue: string) => void told.push(`two writers of ${venue}`),
    onQuote: (venue: string, symbol: string, row: Float64Array) => told.push(`${venue} ${symbol} ${row[Quote.trust] === Trust.synced ? 'trusted' : 'not trusted'}`) > 0,
  } as unknown as GatewayCore;
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const feed = new BusFeed(bus.as('gateway'), core, { onLive: () => {} } as never, () => 1_000_000, log, new StageLatency());
  await feed.start();
  const quote = async (base: string, writer: number): Promise<void> => {
    const row = new Float64Array(QUOTE_COLUMNS);
    Object.assign(row, { [Quote.layout]: layoutOf(RowKind.quote), [Quote.epoch]: writer, [Quote.trust]: Trust.synced });
    const { quotes } = feed.counters;
    bus.as('normalisation').publish(subjects.market('quote', { venue: 'okx', base, symbol: `${base}/USDT` }), bytesOfRow(row, QUOTE_COLUMNS));
    await until(() => feed.counters.quotes > quotes);
  };
  for (const [base, writer] of [['BTC', 1], ['ETH', 2], ['BTC', 1], ['ETH', 2]] as const) await quote(base, writer);
  expect(told).toEqual([
    'okx BTC/USDT trusted', 'okx ETH/USDT trusted', 'two writers of okx', 'okx BTC/USDT not trusted', 'okx ETH/USDT not trusted',
  ]);
  feed.stop();
  await bus.drain();
});
