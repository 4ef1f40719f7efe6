import { expect, test } from '@jest/globals';
import { Trust } from '@parallax/types';
import { readFileSync } from 'node:fs';
import { coinbase, coinbaseWith } from '../src/coinbase/index.js';
import { channelsOf } from '../src/shared/connection-plans.js';
import { booksOf, compareReadings, listedIn, readerOf, report } from './support/bench-reader.js';
import { capturePath, framesOf, haveCaptures, linesOf } from './support/captures.js';

const recorded = haveCaptures ? test : test.skip;
const recording = () => linesOf('coinbase', 'cryptofeed-COINBASE-part.jsonl.gz');
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const bitcoin = coinbase.catalogue.filter(({ symbol }) => symbol === 'BTC/USD');

recorded('the listing leaves out aliases and delisted products and refuses nothing', () => {
  const { found, refused } = listedIn(coinbase, recording());
  expect(refused).toEqual([]);
  expect(found.length).toBeGreaterThan(300);
  expect(found.find(({ symbol }) => symbol === 'BTC/USD')).toMatchObject({ venueSymbol: 'BTC-USD', priceScale: 2, sizeScale: 8, status: 'trading' });
  expect(found.some(({ venueSymbol }) => venueSymbol === 'BTC-USDC')).toBe(false);
});

recorded('both paths read every recorded frame alike, the 5 MB snapshots included', () => {
  const lines = recording();
  const under = readerOf(coinbase, listedIn(coinbase, lines).found);
  const frames = framesOf(lines);
  const { scanned, givenUp, kinds, differences } = compareReadings(under, frames);
  report(`coinbase: ${frames.length} frames, ${scanned} scanned, ${givenUp} given up: ${JSON.stringify([...kinds])}`);
  expect(differences).toEqual([]);
  expect(under.sink.refusals).toEqual([]);
  expect([...kinds].filter(([kind]) => !kind.startsWith('notice')).map(([, count]) => count.givenUp)).toEqual([0, 0, 0]);
});

recorded('the connection’s numbers run without a gap through all messages, and the books stay uncrossed', () => {
  const lines = recording();
  const { sink } = booksOf(coinbase, listedIn(coinbase, lines).found, framesOf(lines));
  expect(sink.sequences).toEqual(Array.from({ length: 682 }, (_, index) => index));
  const keepers = [...sink.keepers.values()];
  expect(keepers.map(({ trust, counters }) => [trust, counters.crossed])).toEqual([[Trust.synced, 0], [Trust.synced, 0]]);
  report(`coinbase: levels ${keepers.map(({ book }) => `${book.levels(0)}/${book.levels(1)}`).join(' ')}`);
});

recorded('the recorded trades lie where a maker’s side puts them', () => {
  const lines = recording();
  const table = listedIn(coinbase, lines).found.filter(({ symbol }) => symbol === 'BTC/USD' || symbol === 'ETH/USD');
  const { reader, sink } = readerOf(coinbase, table);
  const frames = framesOf(lines);
  const { sink: books, instruments } = booksOf(coinbase, table, []);
  const bookReader = coinbase.createReader(instruments, books);
  let [agree, disagree] = [0, 0];
  for (const frame of frames) {
    bookReader.read(frame);
    reader.read(frame);
    const line = sink.take().split('\n').find((text) => text.startsWith('trades '));
    const [, instrument, snapshot, ...trades] = line?.split(' ') ?? [];
    const book = books.keepers.get(Number(instrument))?.book;
    if (book === undefined || snapshot === 'true') continue;
    for (const trade of trades) {
      const [, price, , side] = trade.split(':').map(Number);
      if (Math.sign(2 * price - book.bestBidPrice - book.bestAskPrice) === side) agree++;
      else disagree++;
    }
  }
  report(`coinbase: ${agree} trades on the taker's side of the book by the maker reading, ${disagree} not`);
  expect(agree).toBeGreaterThan(disagree * 5);
});

const message = (channel: string, events: string): Uint8Array =>
  encode(`{"channel":"${channel}","timestamp":"2026-08-09T21:05:48.228568804Z","sequence_num":9,"events":[${events}]}`);
const trade = (id: number, side: string, product = 'BTC-USD'): string =>
  `{"product_id":"${product}","trade_id":"${id}","price":"65083.67","size":"0.01","time":"2026-08-09T21:05:48.16763Z","side":"${side}"}`;

test('trades come oldest first, and whose side they tell is an option', () => {
  const frame = message('market_trades', `{"type":"update","trades":[${trade(2, 'BUY')},${trade(1, 'SELL')}]}`);
  const maker = readerOf(coinbase, bitcoin);
  expect(compareReadings(maker, [frame])).toMatchObject({ givenUp: 0, differences: [] });
  maker.reader.read(frame);
  expect(maker.sink.take()).toBe('sequence 9\ntrades 0 false 1:6508367:1000000:1:1786309548167630 2:6508367:1000000:-1:1786309548167630');
  const taker = readerOf(coinbaseWith({ tradeSide: 'taker' }), bitcoin);
  taker.reader.read(frame);
  expect(taker.sink.take()).toContain('1:6508367:1000000:-1:');
});

test('a message of several events or products is read event by event by the plain path', () => {
  const table = coinbase.catalogue.filter(({ symbol }) => symbol === 'BTC/USD' || symbol === 'ETH/USD');
  const { reader, sink } = readerOf(coinbase, table);
  const level = '{"side":"bid","event_time":"2026-08-09T21:05:48.17Z","price_level":"1.00","new_quantity":"2"}';
  const event = (product: string, levels: string): string => `{"type":"update","product_id":"${product}","updates":[${levels}]}`;
  const frame = message('l2_data', `${event('BTC-USD', level)},${event('ETH-USD', level)}`);
  expect(reader.scan(frame)).toBe(false);
  reader.read(frame);
  expect(sink.take().split('\n').map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(['sequence 9', 'depth 0', 'depth 1']);
  reader.read(message('l2_data', `${event('BTC-USD', level)},${event('ETH-USD', level.replace('"1.00"', '"-1.00"'))}`));
  expect(sink.take().split('\n').map((line) => line.replace(/ .*? bids.*/, ''))).toEqual([
    'sequence 9', 'depth', 'refused 1 events[1].updates[0].price_level: "-1.00" is negative',
  ]);
  reader.read(message('market_trades', `{"type":"update","trades":[${trade(3, 'BUY')},${trade(7, 'BUY', 'ETH-USD')},${trade(2, 'BUY')}]}`));
  expect(sink.take().split('\n')).toHaveLength(4);
  reader.read(message('market_trades', `7,{"type":"update","trades":[${trade(3, 'BUY')},7,${trade(2, 'BUY', 'XXX-USD')},${trade(1, 'BUY')}]}`));
  expect(sink.take().split('\n').map((line) => line.split(' ').slice(0, line.startsWith('trades') ? 2 : 9).join(' '))).toEqual([
    'sequence 9', 'refused -1 events[0]: expected an object', 'trades 0',
    'refused -1 events[1].trades[1]: expected an object', 'refused -1 events[1].trades[2].product_id: unknown symbol XXX-USD',
  ]);
  expect(sink.refusals.map(({ mayBeOfBook }) => mayBeOfBook)).toEqual([true, false, false, false]);
});

test('every message whose number can be read counts in the connection', () => {
  const { reader, sink } = readerOf(coinbase, bitcoin);
  const told = (frame: Uint8Array): string => {
    reader.read(frame);
    return sink.take();
  };
  expect(told(message('heartbeats', '{"current_time":"x","heartbeat_counter":1}'))).toBe('sequence 9\nnotice heartbeat -1 heartbeats');
  expect(told(message('subscriptions', '{"subscriptions":{"level2":["BTC-USD"]}}'))).toBe('sequence 9\nnotice subscribed -1 subscriptions');
  expect(told(message('candles', '{"type":"update","candles":[]}'))).toBe('sequence 9\nnotice ignored -1 candles');
  expect(told(message('l2_data', ''))).toBe('sequence 9\nnotice ignored -1 l2_data without content');
  expect(told(message('l2_data', '{"type":"update","product_id":"XXX-USD","updates":[]}'))).toBe('sequence 9\nrefused -1 events[0].product_id: unknown symbol XXX-USD');
  expect(told(message('l2_data', '7'))).toBe('sequence 9\nrefused -1 events[0]: expected an object');
  expect(told(message('market_trades', `{"type":"update","trades":[${trade(1, 'BUY').replace(/"size":"[^"]*"/, '"size":"0"')}]}`))).toBe('sequence 9\nrefused 0 events[0].trades[0].size: a trade of size 0');
  expect(told(message('market_trades', `{"type":"update","trades":[${trade(1, 'BUY', 'XXX-USD')}]}`))).toMatch(/^sequence 9\nrefused -1 /);
  expect(told(encode('{"type":"error","message":"rate limited"}'))).toBe('notice error -1 rate limited');
});

recorded('example messages with a client id and spaces read', () => {
  const table = coinbase.catalogue;
  const { reader, sink } = readerOf(coinbase, table);
  for (const [name, expected] of [['l2_data_snapshot', 'depth'], ['l2_data_update', 'depth'], ['market_trades', 'trades'], ['ticker', 'ticker'], ['heartbeats', 'notice heartbeat'], ['candles', 'notice ignored']]) {
    const bytes = readFileSync(capturePath('coinbase', 'messages', 'nautilus', `ws_${name}.json`));
    reader.read(bytes);
    const spaced = sink.take();
    expect(spaced).toMatch(new RegExp(`^sequence \\d+\n${expected} `));
    reader.read(encode(JSON.stringify(JSON.parse(new TextDecoder().decode(bytes)))));
    expect(sink.take()).toBe(spaced);
  }
});

test('one channel a message, heartbeats first', () => {
  const [plan] = coinbase.stream.plan(bitcoin, ['depth', 'trades', 'ticker']);
  expect([...coinbase.stream.opening, ...coinbase.stream.subscribe(channelsOf(plan), 1).map(({ text }) => text)]).toEqual([
    '{"type":"subscribe","channel":"heartbeats"}',
    '{"type":"subscribe","product_ids":["BTC-USD"],"channel":"level2"}',
    '{"type":"subscribe","product_ids":["BTC-USD"],"channel":"market_trades"}',
    '{"type":"subscribe","product_ids":["BTC-USD"],"channel":"ticker"}',
  ]);
});
