import { expect, test } from '@jest/globals';
import { Trust } from '@parallax/types';
import { readFileSync } from 'node:fs';
import { frameText, numberText, transcode } from '../../../tools/transcode-kraken-v1.mjs';
import { kraken } from '../src/kraken/index.js';
import { channelsOf } from '../src/shared/connection-plans.js';
import { booksOf, compareReadings, listedIn, readerOf, report } from './support/bench-reader.js';
import { capturePath, framesOf, haveCaptures, linesOf } from './support/captures.js';

const recorded = haveCaptures ? test : test.skip;
/** The v1 recording written as v2: derived, made anew in each run. */
const derived = () => [...transcode(linesOf('kraken', 'cryptofeed-KRAKEN-part.jsonl.gz'))];
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const bitcoin = kraken.catalogue.filter(({ symbol }) => symbol === 'BTC/USD');

recorded('the listing gives v2 names and the precisions of the pair', () => {
  const { found, refused } = listedIn(kraken, linesOf('kraken', 'cryptofeed-KRAKEN-part.jsonl.gz'));
  expect(refused).toEqual([]);
  const by = new Map(found.map((specification) => [specification.symbol, specification]));
  expect(by.get('BTC/CHF')).toMatchObject({ base: 'BTC', quote: 'CHF', venueSymbol: 'BTC/CHF', priceScale: 1, sizeScale: 8, minimumSize: 20000 });
  expect(by.get('DOGE/USD')).toMatchObject({ base: 'DOGE' });
  const today = kraken.listing.read(readFileSync(capturePath('kraken', 'messages', 'nautilus', 'http_asset_pairs.json'), 'utf8'), () => undefined);
  expect(today).toContainEqual(expect.objectContaining({ symbol: 'BTC/USDT', priceStep: 1, priceScale: 1, minimumNotional: '0.5', status: 'trading' }));
});

recorded('both paths read every derived frame alike', () => {
  const lines = derived();
  const under = readerOf(kraken, listedIn(kraken, lines).found);
  const frames = framesOf(lines);
  const { scanned, givenUp, kinds, differences } = compareReadings(under, frames);
  report(`kraken (derived): ${frames.length} frames, ${scanned} scanned, ${givenUp} given up: ${JSON.stringify([...kinds])}`);
  expect(differences).toEqual([]);
  expect(under.sink.refusals).toEqual([]);
  expect([...kinds].filter(([kind]) => !kind.startsWith('notice')).map(([, count]) => count.givenUp)).toEqual([0, 0, 0]);
});

recorded('all 2,244 checksums of the recording reproduce, and one wrong digit is caught', () => {
  const lines = derived();
  const specifications = listedIn(kraken, lines).found;
  const frames = framesOf(lines);
  const keepers = [...booksOf(kraken, specifications, frames).sink.keepers.values()];
  const checked = keepers.reduce((sum, keeper) => sum + keeper.counters.checksumsChecked, 0);
  const failed = keepers.reduce((sum, keeper) => sum + keeper.counters.checksumsFailed, 0);
  report(`kraken (derived): ${checked} checksums, ${failed} failed`);
  expect([checked, failed]).toEqual([2244, 0]);
  expect(keepers.every(({ trust }) => trust === Trust.synced)).toBe(true);
  const spoilt = frames.map((frame) => {
    const text = new TextDecoder().decode(frame);
    return text.includes('"snapshot","data"') ? encode(text.replace(/("asks":\[\{"price":[\d.]+,"qty":)(\d)/, (_, head, digit) => `${head}${(Number(digit) % 9) + 1}`)) : frame;
  });
  const broken = [...booksOf(kraken, specifications, spoilt).sink.keepers.values()];
  expect(broken.some(({ counters }) => counters.checksumsFailed > 0)).toBe(true);
});

recorded('without the zeros that v1 pads prices with the checksums do not hold', () => {
  const lines = derived();
  const original = listedIn(kraken, linesOf('kraken', 'cryptofeed-KRAKEN-part.jsonl.gz')).found;
  const keepers = [...booksOf(kraken, original, framesOf(lines)).sink.keepers.values()];
  expect(keepers.some(({ counters }) => counters.checksumsFailed > 0)).toBe(true);
});

const levels = (prices: readonly string[]): string => prices.map((price) => `{"price":${price},"qty":0.00000500}`).join(',');

test('the checksum vector of the venue’s documents', () => {
  const asks = Array.from({ length: 10 }, (_, index) => `0.0${5005 + index * 5}`);
  const bids = ['5000', '4995', '4990', '4980', '4975', '4970', '4965', '4960', '4955', '4950'].map((digits) => `0.0${digits}`);
  const frame = `{"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[${levels(bids)}],"asks":[${levels(asks)}],"checksum":974947235}]}`;
  const pair = { ...bitcoin[0], priceScale: 5, sizeScale: 8 };
  const [keeper] = booksOf(kraken, [pair], [encode(frame)]).sink.keepers.values();
  expect([keeper.counters.checksumsChecked, keeper.counters.checksumsFailed, keeper.trust]).toEqual([1, 0, Trust.synced]);
});

test('numbers keep their digits on both paths, and what a float would bend is exact', () => {
  const text = (qty: string): Uint8Array =>
    encode(`{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[{"price":70000.1,"qty":${qty}}],"asks":[],"checksum":1,"timestamp":"2026-01-01T00:00:00.000001Z"}]}`);
  const under = readerOf(kraken, bitcoin);
  expect(compareReadings(under, [text('90071992.54740991'), text('0.1'), text('0.0'), text('0')])).toMatchObject({ givenUp: 0, differences: [] });
  under.reader.plain(text('90071992.54740991'));
  expect(under.sink.take()).toBe('depth 0 false 1767225600000001 0 0 0 1 bids 700001:9007199254740991 asks ');
  under.reader.read(text('5e-8'));
  expect(under.sink.take()).toContain('700001:5 ');
  under.reader.read(text('90071992.54740992'));
  expect(under.sink.take()).toMatch(/ bids asks unread 0:700001:.*:data\[0\]\.bids\[0\]\.qty$/);
  for (const refused of ['"1"', '-1', '01', '1.', 'null']) {
    under.reader.read(text(refused));
    expect([refused, under.sink.take()]).toEqual([refused, expect.stringMatching(/^refused /)]);
  }
});

test('answers, status, heartbeats and pongs are told apart', () => {
  const { reader, sink } = readerOf(kraken, bitcoin);
  const told = (text: string): string => {
    reader.read(encode(text));
    return sink.take();
  };
  expect(told('{"channel":"heartbeat"}')).toBe('notice heartbeat -1 heartbeat');
  expect(told('{"channel":"status","type":"update","data":[{"system":"maintenance","api_version":"v2"}]}')).toBe('notice status -1 maintenance');
  expect(told('{"method":"pong","req_id":42,"time_in":"a","time_out":"b"}')).toBe('notice pong -1 ');
  expect(told('{"method":"subscribe","result":{"channel":"book","symbol":"BTC/USD","depth":1000,"snapshot":true},"success":true}')).toBe('notice subscribed 0 book');
  expect(told('{"error":"Currency pair not supported XXX/USD","method":"subscribe","success":false,"symbol":"XXX/USD"}')).toBe('notice error -1 Currency pair not supported XXX/USD');
  expect(told('{"channel":"book","type":"update","data":[{"symbol":"XXX/USD","bids":[],"asks":[]}]}')).toBe('refused -1 data[0].symbol: unknown symbol XXX/USD');
});

recorded('the venue’s own example messages read', () => {
  const under = readerOf(kraken, bitcoin);
  for (const [name, expected] of [['book_snapshot', 'depth'], ['book_update', 'depth'], ['trade_update', 'trades'], ['ticker_snapshot', 'ticker'], ['pong', 'notice'], ['subscribe_response', 'notice']]) {
    under.reader.read(readFileSync(capturePath('kraken', 'messages', 'nautilus', `ws_${name}.json`)));
    expect(under.sink.take()).toMatch(new RegExp(`^${expected} `));
  }
});

test('subscriptions name the depth that the join cuts to', () => {
  const [plan] = kraken.stream.plan(bitcoin, ['depth', 'trades', 'ticker']);
  expect(plan.urls).toEqual(['wss://ws.kraken.com/v2']);
  const channels = channelsOf(plan);
  expect(kraken.stream.subscribe(channels, 4).map(({ text }) => text)).toEqual([
    '{"method":"subscribe","params":{"channel":"book","depth":1000,"symbol":["BTC/USD"],"snapshot":true},"req_id":4}',
    '{"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD"],"snapshot":false},"req_id":5}',
    '{"method":"subscribe","params":{"channel":"ticker","event_trigger":"bbo","symbol":["BTC/USD"],"snapshot":true},"req_id":6}',
  ]);
  expect(kraken.stream.unsubscribe(channels, 7)[0].text).toBe(
    '{"method":"unsubscribe","params":{"channel":"book","depth":1000,"symbol":["BTC/USD"]},"req_id":7}',
  );
});

test('the transcoder writes v2 text', () => {
  expect([numberText('354.15000000'), numberText('0.00000000'), numberText('10.100')]).toEqual(['354.15', '0.0', '10.1']);
  expect(frameText('[992,{"b":[["354.15000000","5.00000000","1618678133.365913"]],"c":"2583817756"},"book-1000","XBT/USD"]', new Map())).toBe(
    '{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[{"price":354.15,"qty":5.0}],"asks":[],"checksum":2583817756,"timestamp":"2021-04-17T16:48:53.365913Z"}]}',
  );
});
