import { expect, test } from '@jest/globals';
import { InstrumentTable } from '@parallax/types';
import { binance, binancecoinm, binanceusdm, channelsOf, type VenueDefinition } from '../src/index.js';
import { compareReadings, listedIn, readerOf, report } from './support/bench-reader.js';
import { framesOf, haveCaptures, linesOf, type RecordedLine } from './support/captures.js';
import { mutateFrames } from './support/mutation-run.js';
import { RecordingSink } from './support/recording-sink.js';
import { tickLines } from './support/ticks.js';

const recorded = haveCaptures ? test : test.skip;
const FILES: readonly (readonly [string, VenueDefinition])[] = [
  ['spot-btcusdt-20240808.gz', binance],
  ['spot-ethusdt-20240808.gz', binance],
  ['usdm-btcusdt-20240808.gz', binanceusdm],
  ['usdm-ethusdt-20240808.gz', binanceusdm],
  ['coinm-btcusd_perp-20240808.gz', binancecoinm],
];

for (const [file, definition] of FILES) {
  recorded(`${file}: both paths read every frame alike, and the scan path takes them all`, () => {
    const frames = tickLines('binance-raw-feed', file).filter((line) => line.includes('"stream"')).map((line) => Buffer.from(line));
    const { scanned, givenUp, differences } = compareReadings(readerOf(definition, definition.catalogue), frames);
    report(`${file}: ${scanned} frames scanned, ${givenUp} given up`);
    expect(differences.slice(0, 3)).toEqual([]);
    expect(givenUp).toBe(0);
  });
}

const isListing = ({ t, url }: RecordedLine): boolean => t === 'http' && String(url).includes('exchangeInfo');

recorded('thin pairs of 2021: listing, frames of every kind, none refused', () => {
  const lines = linesOf('binance', 'cryptofeed-BINANCE.jsonl.gz');
  const { found, refused } = listedIn(binance, lines.filter(isListing));
  expect(refused).toEqual([]);
  expect(found.find(({ symbol }) => symbol === 'NKN/USDT')).toMatchObject({ venueSymbol: 'NKNUSDT', quote: 'USDT', source: 'listing' });
  const under = readerOf(binance, found);
  const { scanned, differences } = compareReadings(under, framesOf(lines));
  report(`binance 2021: ${found.length} instruments, ${scanned} of ${framesOf(lines).length} frames scanned`);
  expect(differences).toEqual([]);
  expect(under.sink.refusals).toEqual([]);
});

recorded('USD-M of 2021: listing and frames, none refused', () => {
  const lines = linesOf('binance-usdm', 'cryptofeed-BINANCE_FUTURES.jsonl.gz');
  const { found, refused } = listedIn(binanceusdm, lines.filter(isListing));
  expect(refused).toEqual([]);
  const under = readerOf(binanceusdm, found);
  const { scanned, givenUp, differences } = compareReadings(under, framesOf(lines));
  report(`binanceusdm 2021: ${found.length} instruments, ${scanned} of ${framesOf(lines).length} frames scanned`);
  expect(differences).toEqual([]);
  const candles = framesOf(lines).filter((frame) => Buffer.from(frame).includes('@kline'));
  expect(givenUp).toBe(candles.length);
  expect(under.sink.refusals).toEqual([]);
});

for (const [file, definition] of [FILES[0], FILES[2], FILES[4]]) {
  recorded(`${definition.id}: mutated frames never throw, both paths agree, refusals name reason and place`, () => {
    const frames = tickLines('binance-raw-feed', file).filter((line) => line.includes('"stream"')).slice(0, 20_000).map((line) => new TextEncoder().encode(line));
    mutateFrames(definition, definition.catalogue, frames);
  });
}

test('replies, shutdown notice and foreign channels are notices; trades of the insurance fund are not of the market', () => {
  const { reader, sink } = readerOf(binanceusdm, binanceusdm.catalogue);
  const read = (frame: unknown): string => {
    reader.read(Buffer.from(JSON.stringify(frame)));
    return sink.take();
  };
  const trade = { e: 'trade', E: 1_700_000_000_000, T: 1_700_000_000_000, s: 'BTCUSDT', t: 5, p: '1.5', q: '2', m: false };
  expect(read({ result: null, id: 1 })).toBe('notice subscribed -1 1');
  expect(read({ code: 2, msg: 'Invalid request' })).toContain('notice error -1');
  expect(read({ e: 'serverShutdown', E: 1 })).toBe('notice closing -1 serverShutdown');
  expect(read({ stream: 'btcusdt@markPrice', data: { e: 'markPriceUpdate', s: 'BTCUSDT' } })).toBe('notice ignored -1 markPriceUpdate');
  expect(read({ stream: 'btcusdt@trade', data: { ...trade, X: 'INSURANCE_FUND' } })).toContain('notice ignored 0 trade of type INSURANCE_FUND');
  expect(read({ stream: 'btcusdt@trade', data: trade })).toBe('trades 0 false 5:150:2000:1:1700000000000000');
  expect(read({ stream: 'ethusdt@trade', data: trade })).toContain('refused -1 stream: the stream is ethusdt@trade');
  expect(read({ stream: 'btcusdt@aggTrade', data: { ...trade, e: 'aggTrade', a: 9, f: 1, l: 2 } })).toContain('trades 0 false 9:150:2000:1');
});

test('aggregated trades are scanned, with the quantity without RPI orders or without it', () => {
  const { reader, sink } = readerOf(binanceusdm, binanceusdm.catalogue);
  const frame = (more: string): Uint8Array => Buffer.from('{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1700000000000,"a":9,' +
    `"s":"BTCUSDT","p":"1.50","q":"2.000",${more}"f":1,"l":2,"T":1700000000001,"m":true}}`);
  for (const more of ['', '"nq":"1.000",']) {
    expect(reader.scan(frame(more))).toBe(true);
    expect(sink.take()).toBe('trades 0 false 9:150:2000:-1:1700000000001000');
  }
  expect(reader.scan(frame('"nq":1,'))).toBe(false);
});

test('a specification with other scales is read by at once', () => {
  const instruments = new InstrumentTable();
  const sink = new RecordingSink();
  const reader = binance.createReader(instruments, sink);
  const [specification] = binance.catalogue;
  const { venueSymbol } = specification;
  const frame = Buffer.from(
    `{"stream":"${venueSymbol.toLowerCase()}@bookTicker","data":{"u":5,"s":"${venueSymbol}","b":"1.50","B":"1.00","a":"1.60","A":"2.00"}}`,
  );
  const read = (priceScale: number, sizeScale: number): string => {
    instruments.add({ ...specification, priceScale, sizeScale });
    expect(reader.scan(frame)).toBe(true);
    return sink.take();
  };
  for (let time = 0; time < 3; time++) expect(read(2, 2)).toBe('ticker 0 0 5 150 100 160 200');
  expect([read(2, 2), read(3, 4)]).toEqual(['ticker 0 0 5 150 100 160 200', 'ticker 0 0 5 1500 10000 1600 20000']);
});

test('connections are planned by route and limit', () => {
  const instruments = binanceusdm.catalogue;
  const plans = binanceusdm.stream.plan(instruments, ['depth', 'trades', 'ticker']);
  expect(plans.map(({ urls, feeds }) => [urls[0], feeds])).toEqual([
    ['wss://fstream.binance.com/public/stream', ['depth', 'ticker']],
    ['wss://fstream.binance.com/market/stream', ['trades']],
  ]);
  expect(JSON.parse(binanceusdm.stream.subscribe(channelsOf(plans[1]), 1)[0].text)).toMatchObject({ method: 'SUBSCRIBE', id: 1 });
  const many = Array.from({ length: 450 }, (_, i) => ({ ...instruments[0], symbol: `X${i}/USDT:USDT`, venueSymbol: `X${i}USDT` }));
  expect(binanceusdm.stream.plan(many, ['depth', 'ticker']).map((plan) => plan.instruments.length)).toEqual([100, 100, 100, 100, 50]);
});
