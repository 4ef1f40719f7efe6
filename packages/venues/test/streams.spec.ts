import { expect, test } from '@jest/globals';
import type { InstrumentSpecification } from '@parallax/types';
import { binance, binancecoinm, binanceusdm, channelsOf, coinbase, okx, VENUES } from '../src/index.js';
import { readerOf } from './support/bench-reader.js';

/** Many instruments made of one, each with names of its own. */
const many = (one: InstrumentSpecification, count: number): InstrumentSpecification[] =>
  Array.from({ length: count }, (_, index) => ({ ...one, symbol: `A${index}/USDT`, venueSymbol: `COIN${index}USDT` }));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each([binance, binanceusdm, binancecoinm].map((one) => [one.id, one] as const))(
  '%s: subscriptions are short enough for its servers, and name every stream once', (_id, definition) => {
    const plans = definition.stream.plan(many(definition.catalogue[0], 700), definition.feeds);
    const streams = plans.flatMap((plan) => {
      const requests = definition.stream.subscribe(channelsOf(plan), 7);
      const sent = requests.flatMap(({ text, id, channels }) => {
        expect(text.length).toBeLessThanOrEqual(4_088);
        const { params, id: told } = JSON.parse(text) as { params: string[]; id: number };
        expect([told, params.length]).toEqual([id, channels.length]);
        return params;
      });
      expect(requests.map(({ id }) => id)).toEqual(requests.map((_, index) => 7 + index));
      expect(sent.length).toBeLessThanOrEqual(definition.limits.streamsPerConnection);
      return sent;
    });
    expect([streams.length, new Set(streams).size]).toEqual([2_100, 2_100]);
  },
);

test('no subscription of OKX comes near the 64 KB of a request', () => {
  for (const plan of okx.stream.plan(many(okx.catalogue[0], 300), okx.feeds)) {
    for (const { text } of okx.stream.subscribe(channelsOf(plan), 1)) expect(text.length).toBeLessThan(16_000);
  }
});

test('what Coinbase must hear within 5 s is sent first, and keeps channels open', () => {
  expect(coinbase.stream.opening.map((text) => JSON.parse(text) as unknown)).toEqual([{ type: 'subscribe', channel: 'heartbeats' }]);
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
