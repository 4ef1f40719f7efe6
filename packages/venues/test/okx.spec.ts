import { expect, test } from '@jest/globals';
import { Trust, TrustCause } from '@parallax/types';
import { okx } from '../src/okx/index.js';
import { channelsOf } from '../src/shared/connection-plans.js';
import { booksOf, compareReadings, listedIn, readerOf, report } from './support/bench-reader.js';
import { capturePath, framesOf, haveCaptures, linesOf } from './support/captures.js';
import { readFileSync } from 'node:fs';

const recorded = haveCaptures ? test : test.skip;
const recording = () => linesOf('okx', 'cryptofeed-OKX-part.jsonl.gz');
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const bitcoin = okx.catalogue.filter(({ symbol }) => symbol === 'BTC/USDT');

recorded('the listing of the recording gives spot, swaps and futures with their contracts', () => {
  const { found, refused } = listedIn(okx, recording());
  expect(refused).toEqual([]);
  const by = new Map(found.map((specification) => [specification.venueSymbol, specification]));
  expect(by.get('BTC-USDT')).toMatchObject({ symbol: 'BTC/USDT', kind: 'spot', priceScale: 1, priceStep: 1, sizeScale: 10, sizeStep: 100 });
  expect(by.get('UNI-USD-SWAP')).toMatchObject({
    symbol: 'UNI/USD:UNI', kind: 'swap', inverse: true, contractSize: '10', settle: 'UNI', priceScale: 3, sizeStep: 100,
  });
  expect(by.get('BTC-USD-220527')).toMatchObject({ symbol: 'BTC/USD:BTC-220527', kind: 'future', inverse: true, contractSize: '100' });
  expect(by.get('BTC-USDT-SWAP')).toMatchObject({ symbol: 'BTC/USDT:USDT', inverse: false, contractSize: '0.01', settle: 'USDT' });
});

recorded('today’s listings read as well', () => {
  for (const kind of ['spot', 'swap', 'futures']) {
    const refused: string[] = [];
    const text = readFileSync(capturePath('okx', 'messages', 'nautilus', `http_get_instruments_${kind}.json`), 'utf8');
    const found = okx.listing.read(text, (reason, place) => refused.push(`${place}: ${reason}`));
    expect(refused).toEqual([]);
    expect(found.length).toBeGreaterThan(1);
  }
});

recorded('both paths read every recorded frame alike', () => {
  const lines = recording();
  const under = readerOf(okx, listedIn(okx, lines).found);
  const frames = framesOf(lines);
  const { scanned, givenUp, kinds, differences } = compareReadings(under, frames);
  report(`okx: ${frames.length} frames, ${scanned} scanned, ${givenUp} given up: ${JSON.stringify([...kinds])}`);
  expect(differences).toEqual([]);
  expect(under.sink.refusals).toEqual([]);
  expect([...kinds].filter(([kind]) => !kind.startsWith('notice')).map(([, count]) => count.givenUp)).toEqual([0, 0, 0]);
});

recorded('the checksum of every book frame holds, and fails when one size is another', () => {
  const lines = recording();
  const specifications = listedIn(okx, lines).found;
  const frames = framesOf(lines);
  const { sink } = booksOf(okx, specifications, frames);
  const keepers = [...sink.keepers.values()];
  const checked = keepers.reduce((sum, keeper) => sum + keeper.counters.checksumsChecked, 0);
  const failed = keepers.reduce((sum, keeper) => sum + keeper.counters.checksumsFailed, 0);
  report(`okx: ${checked} checksums, ${failed} failed, levels ${keepers.map(({ book }) => `${book.levels(0)}/${book.levels(1)}`).join(' ')}`);
  expect([checked, failed]).toEqual([188, 0]);
  expect(keepers.map(({ trust }) => trust)).toEqual([Trust.synced, Trust.synced, Trust.synced]);
  const spoilt = frames.map((frame) => {
    const text = new TextDecoder().decode(frame);
    return text.includes('"snapshot"') ? encode(text.replace(/("asks":\[\["[\d.]+",")(\d)/, (_, head, digit) => `${head}${(Number(digit) % 9) + 1}`)) : frame;
  });
  const broken = [...booksOf(okx, specifications, spoilt).sink.keepers.values()];
  expect(broken.map(({ counters }) => counters.checksumsFailed > 0)).toEqual([true, true, true]);
});

/** Ten levels a side, so that a snapshot of them is a book; the best are 101 and 100. */
const TEN_ASKS = Array.from({ length: 10 }, (_, index) => `["${101 + index}","1","0","1"]`).join();
const TEN_BIDS = [100, 89, 88, 87, 86, 85, 84, 83, 82, 81].map((price) => `["${price}","1","0","1"]`).join();
const books = (action: string, tail: string, asks = '["101","1","0","1"]', bids = '["100","1","0","1"]'): Uint8Array =>
  encode(`{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"${action}","data":[{"asks":[${asks}],"bids":[${bids}],"ts":"1700000000000"${tail}}]}`);

test('the checksum vector of the venue’s documents', () => {
  const snapshot = books('snapshot', ',"checksum":-1881014294', '["3366.8","9","0","1"],["3368","8","0","1"]', '["3366.1","7","0","1"],["3366","6","0","1"]');
  const [keeper] = booksOf(okx, bitcoin, [snapshot]).sink.keepers.values();
  expect([keeper.counters.checksumsChecked, keeper.counters.checksumsFailed]).toEqual([1, 0]);
});

test('today’s dialect chains by ids: keep-alive, one reset, and a gap; checksum 0 is none', () => {
  const frames = [
    books('snapshot', ',"checksum":0,"seqId":10,"prevSeqId":-1', TEN_ASKS, TEN_BIDS),
    books('update', ',"checksum":0,"prevSeqId":10,"seqId":15', '', '["100","2","0","1"]'),
    books('update', ',"checksum":0,"seqId":15,"prevSeqId":15', '', ''),
    books('update', ',"checksum":0,"seqId":3,"prevSeqId":15', '', '["99","2","0","1"]'),
    books('update', ',"checksum":0,"seqId":4,"prevSeqId":3', '', '["98","2","0","1"]'),
  ];
  const under = readerOf(okx, bitcoin);
  const compared = compareReadings(under, frames);
  expect([compared.differences, compared.givenUp]).toEqual([[], 0]);
  const [keeper] = booksOf(okx, bitcoin, frames).sink.keepers.values();
  expect([keeper.trust, keeper.cause, keeper.counters.gaps, keeper.counters.checksumsChecked]).toEqual([Trust.synced, TrustCause.venueReset, 0, 0]);
  expect(keeper.book.levels(0)).toBe(12);
  const gap = books('update', ',"checksum":0,"seqId":7,"prevSeqId":5', '', '["97","2","0","1"]');
  const [broken] = booksOf(okx, bitcoin, [...frames, gap]).sink.keepers.values();
  expect([broken.trust, broken.counters.gaps]).toEqual([Trust.resyncing, 1]);
});

test('without a snapshot in the stream, or with one that is nearly empty, the book of /market/books is bridged', () => {
  const { reader, sink } = readerOf(okx, bitcoin);
  reader.snapshot(encode(`{"code":"0","msg":"","data":[{"asks":[${TEN_ASKS}],"bids":[${TEN_BIDS}],"ts":"1597026383085","seqId":14}]}`), 0);
  expect(sink.take()).toMatch(/^depth 0 /);
  reader.snapshot(encode(`{"code":"0","msg":"","data":[{"asks":[],"bids":[],"ts":"1597026383085"}]}`), 0);
  expect(sink.take()).toMatch(/^refused 0 data\[0\].seqId/);
  const thin = books('snapshot', ',"checksum":0,"seqId":10,"prevSeqId":-1', '["110","1","0","1"]', '["90","1","0","1"]');
  const [keeper] = booksOf(okx, bitcoin, [thin]).sink.keepers.values();
  expect([keeper.trust, keeper.book.levels(0)]).toEqual([Trust.resyncing, 0]);
});

test('best quotes of bbo-tbt carry the book’s id; an empty side is 0', () => {
  const { reader, sink } = readerOf(okx, bitcoin);
  const frame = (asks: string) =>
    encode(`{"arg":{"channel":"bbo-tbt","instId":"BTC-USDT"},"data":[{"asks":[${asks}],"bids":[["8476.9","256","0","12"]],"ts":"1597026383085","seqId":123456}]}`);
  expect(reader.scan(frame('["8477","415","0","13"]'))).toBe(true);
  expect(sink.take()).toBe('ticker 0 1597026383085000 123456 84769 2560000000000 84770 4150000000000');
  reader.read(frame(''));
  expect(sink.take()).toBe('ticker 0 1597026383085000 123456 84769 2560000000000 0 0');
});

test('pong, notices, errors and other channels are told apart', () => {
  const { reader, sink } = readerOf(okx, bitcoin);
  const told = (text: string): string => {
    reader.read(encode(text));
    return sink.take();
  };
  expect(told('pong')).toBe('notice pong -1 ');
  expect(told('{"event":"notice","code":"64008","msg":"closing soon","connId":"a"}')).toBe('notice closing -1 64008 closing soon');
  expect(told('{"event":"error","code":"60012","msg":"Invalid request","connId":"a"}')).toBe('notice error -1 60012 Invalid request');
  expect(told('{"event":"subscribe","arg":{"channel":"books","instId":"BTC-USDT"},"connId":"a"}')).toBe('notice subscribed 0 books');
  expect(told('{"event":"channel-conn-count","channel":"books","connCount":"1","connId":"a"}')).toBe('notice status -1 ');
  expect(told('{"arg":{"channel":"mark-price","instId":"BTC-USDT"},"data":[]}')).toBe('notice ignored -1 mark-price');
  expect(told('ping')).toMatch(/^refused -1 \$: not JSON/);
});

test('both paths refuse a trade of size 0, and take those beside it', () => {
  const { reader, sink } = readerOf(okx, bitcoin);
  const trade = (id: number, size: string): string => `{"instId":"BTC-USDT","tradeId":"${id}","px":"42219.9","sz":"${size}","side":"buy","ts":"1630048897897"}`;
  const frame = (...trades: string[]): Uint8Array => encode(`{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[${trades.join(',')}]}`);
  expect([reader.scan(frame(trade(1, '0.1'))), reader.scan(frame(trade(1, '0'))), reader.scan(frame(trade(1, '0.1'), trade(2, '0.00000000')))]).toEqual([true, false, false]);
  sink.take();
  reader.read(frame(trade(1, '0.1'), trade(2, '0'), trade(3, '0.2')));
  expect(sink.take()).toBe([
    'trades 0 false 1:422199:1000000000:1:1630048897897000 3:422199:2000000000:1:1630048897897000',
    'refused 0 data[1].sz: a trade of size 0',
  ].join('\n'));
});

test('a number that is none, an unknown symbol and a wrong field are refused with their place', () => {
  const { reader, sink } = readerOf(okx, bitcoin);
  reader.read(books('update', '', '["1O1","1","0","1"]'));
  reader.read(books('renew', ''));
  reader.read(books('update', ',"seqId":5'));
  reader.read(encode('{"arg":{"channel":"books","instId":"BTC-XXX"},"action":"update","data":[]}'));
  expect(sink.refusals.map(({ place, instrument }) => `${instrument} ${place}`)).toEqual([
    '0 data[0].asks[0][0]', '0 action', '0 data[0].prevSeqId', '-1 arg.instId',
  ]);
});

test('a REST snapshot reads for the bridge that the venue announced', () => {
  const { reader, sink } = readerOf(okx, bitcoin);
  reader.snapshot(encode('{"code":"0","msg":"","data":[{"asks":[["101","1","0","1"]],"bids":[],"ts":"1700000000000","seqId":77}]}'), 0);
  expect(sink.take()).toBe('depth 0 true 1700000000000000 77 77 0 NaN bids asks 1010:10000000000 ');
});

test('connections carry at most 240 channels and requests at most 60', () => {
  const many = Array.from({ length: 100 }, (_, index) => ({ ...bitcoin[0], symbol: `A${index}/USDT`, venueSymbol: `A${index}-USDT` }));
  const plans = okx.stream.plan(many, ['depth', 'trades', 'ticker']);
  expect(plans.map(({ instruments }) => instruments.length)).toEqual([80, 20]);
  const sent = okx.stream.subscribe(channelsOf(plans[0]), 1).map(({ text }) => JSON.parse(text) as { args: unknown[] });
  expect(sent.map(({ args }) => args.length)).toEqual([60, 60, 60, 60]);
  const channels = [{ instrument: bitcoin[0], feed: 'depth' as const }];
  expect([...okx.stream.unsubscribe(channels, 1), ...okx.stream.subscribe(channels, 2)].map(({ text }) => text)).toEqual([
    '{"id":"1","op":"unsubscribe","args":[{"channel":"books","instId":"BTC-USDT"}]}',
    '{"id":"2","op":"subscribe","args":[{"channel":"books","instId":"BTC-USDT"}]}',
  ]);
});
