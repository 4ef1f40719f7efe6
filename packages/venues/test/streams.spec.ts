import { expect, test } from '@jest/globals';
import type { InstrumentSpecification } from '@parallax/types';
import { binance, binancecoinm, binanceusdm, coinbase, okx, VENUES } from '../src/index.js';
import { readerOf } from './support/bench-reader.js';

/** Many instruments made of one, each with names of its own. */
const many = (one: InstrumentSpecification, count: number): InstrumentSpecification[] =>
  Array.from({ length: count }, (_, index) => ({ ...one, symbol: `A${index}/USDT`, venueSymbol: `COIN${index}USDT` }));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each([binance, binanceusdm, binancecoinm].map((one) => [one.id, one] as const))(
  '%s: subscriptions are short enough for its servers, and name every stream once', (_id, definition) => {
    const plans = definition.stream.plan(many(definition.catalogue[0], 700), definition.feeds);
    const streams = plans.flatMap(({ subscribe }) => subscribe).flatMap((message) => {
      expect(message.length).toBeLessThanOrEqual(4_088);
      return (JSON.parse(message) as { params: string[] }).params;
    });
    expect([streams.length, new Set(streams).size]).toEqual([2_100, 2_100]);
    for (const { subscribe } of plans) {
      const sent = subscribe.flatMap((message) => (JSON.parse(message) as { params: string[] }).params);
      expect(sent.length).toBeLessThanOrEqual(definition.limits.streamsPerConnection);
    }
  },
);

test('no subscription of OKX comes near the 64 KB of a request', () => {
  for (const { subscribe } of okx.stream.plan(many(okx.catalogue[0], 300), okx.feeds)) {
    for (const message of subscribe) expect(message.length).toBeLessThan(16_000);
  }
});

test('what Coinbase must hear within 5 s is sent first, and keeps channels open', () => {
  const [{ subscribe }] = coinbase.stream.plan(coinbase.catalogue, coinbase.feeds);
  expect(JSON.parse(subscribe[0])).toEqual({ type: 'subscribe', channel: 'heartbeats' });
});

test.each([
  ['binance', '{"e":"serverShutdown","E":1700000000000}', 'notice closing -1 serverShutdown'],
  ['binance', '{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1700000000000}}', 'notice closing -1 serverShutdown'],
  ['binanceusdm', '{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1700000000000}}', 'notice closing -1 serverShutdown'],
  ['okx', '{"event":"notice","code":"64008","msg":"The connection will soon be closed for a service upgrade.","connId":"a"}', 'notice closing -1 64008'],
])('%s: the word that it will close the connection is known without being read: %s', (id, frame, notice) => {
  const definition = VENUES.get(id)!;
  expect(definition.stream.announcesEnd?.(bytes(frame))).toBe(true);
  const { reader, sink } = readerOf(definition, definition.catalogue);
  reader.read(bytes(frame));
  expect(sink.take()).toContain(notice);
});

test('other frames announce no end', () => {
  expect(okx.stream.announcesEnd?.(bytes('{"event":"notice","code":"64009","msg":"x"}'))).toBe(false);
  expect(okx.stream.announcesEnd?.(bytes('{"arg":{"channel":"trades"},"data":[{"tradeId":"64008123","px":"64008"}]}'))).toBe(false);
  expect(binance.stream.announcesEnd?.(bytes('{"stream":"btcusdt@trade","data":{"e":"trade","s":"BTCUSDT"}}'))).toBe(false);
});

test('calm markets are no silence: what a venue is asked then is answered by a frame, well before it counts as dead', () => {
  for (const { id, stream } of VENUES.values()) {
    // Coinbase beats every second by its own channel.
    if (id === 'coinbase') continue;
    expect([id, stream.keepAlive!.afterMs * 1.4 < stream.silenceMs]).toEqual([id, true]);
  }
  const { reader, sink } = readerOf(binance, binance.catalogue);
  reader.read(bytes('{"result":["btcusdt@trade"],"id":0}'));
  expect(sink.take()).toBe('notice subscribed -1 0');
});
