import { describe, expect, test } from '@jest/globals';
import type { InstrumentSpecification } from '@parallax/types';
import { VENUES, type VenueDefinition } from '../src/index.js';
import { listedIn, readerOf } from './support/bench-reader.js';
import { framesOf, haveCaptures, linesOf } from './support/captures.js';
import { hearingOf } from './support/hearing.js';
import { transcode } from '../../../tools/transcode-kraken-v1.mjs';

const recorded = haveCaptures ? test : test.skip;
const venue = (id: string): VenueDefinition => VENUES.get(id)!;
const heard = (id: string, frame: string): string[] => hearingOf(venue(id), venue(id).catalogue).hear(frame);

describe('what a frame is of is told by its head, however long it is', () => {
  test.each([
    ['binance', '{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate"', ['data depth BTC/USDT']],
    ['binance', '{"stream":"ethusdt@trade","data":{}}', ['data trades ETH/USDT']],
    ['binanceusdm', '{"stream":"btcusdt@aggTrade","data":{}}', ['data trades BTC/USDT:USDT']],
    ['binancecoinm', '{"stream":"btcusd_perp@bookTicker","data":{}}', ['data ticker BTC/USD:BTC']],
    ['okx', '{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[', ['data depth BTC/USDT']],
    ['okx', '{"arg":{"channel":"bbo-tbt","instId":"ETH-USDT-SWAP"},"data":[]}', ['data ticker ETH/USDT:USDT']],
    ['kraken', '{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[', ['data depth BTC/USD']],
    ['kraken', '{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"buy"},{"symbol":"ETH/USD","side":"buy"}]}', ['data trades BTC/USD', 'data trades ETH/USD']],
    ['coinbase', '{"channel":"l2_data","client_id":"","timestamp":"2026-08-09T21:05:48Z","sequence_num":4,"events":[{"type":"update","product_id":"BTC-USD","updates":[', ['data depth BTC/USD']],
    ['coinbase', '{"channel":"ticker","sequence_num":1,"events":[{"type":"update","tickers":[{"type":"ticker","product_id":"ETH-USD"},{"type":"ticker","product_id":"BTC-USD"}]}]}', ['data ticker ETH/USD', 'data ticker BTC/USD']],
  ])('%s %s', (id, frame, expected) => expect(heard(id, frame)).toEqual(expected));
});

test('what has another head is parsed, and means the same', () => {
  expect(heard('binance', '{"data":{},"stream":"btcusdt@bookTicker"}')).toEqual(['data ticker BTC/USDT']);
  expect(heard('okx', '{ "arg": { "instId": "BTC-USDT", "channel": "trades" }, "data": [] }')).toEqual(['data trades BTC/USDT']);
  expect(heard('kraken', '{"type":"update","channel":"ticker","data":[{"symbol":"BTC/USD"}]}')).toEqual(['data ticker BTC/USD']);
  expect(heard('kraken', '{ "channel": "heartbeat" }')).toEqual(['beat']);
  expect(heard('coinbase', '{ "channel": "market_trades", "events": [{ "trades": [{ "product_id": "BTC-USD" }] }] }')).toEqual(['data trades BTC/USD']);
});

describe('answers say which request or channel they are about, and no answer is data', () => {
  test.each([
    ['binance', '{"result":null,"id":3}', ['acknowledged 3 - -']],
    ['binance', '{"result":["btcusdt@trade"],"id":0}', []],
    ['binance', '{"error":{"code":4,"msg":"Too many subscriptions"},"id":19}', ['refused 19 - - rate: Too many subscriptions']],
    ['binance', '{"code":2,"msg":"Invalid request: unknown variant"}', ['refused - - - other: Invalid request: unknown variant']],
    ['okx', '{"id":"2","event":"subscribe","arg":{"channel":"books","instId":"BTC-USDT"},"connId":"a"}', ['acknowledged 2 depth BTC/USDT']],
    ['okx', '{"event":"unsubscribe","arg":{"channel":"books","instId":"BTC-USDT"},"connId":"a"}', []],
    ['okx', '{"id":"2","event":"error","code":"60014","msg":"Requests too frequent","connId":"a"}', ['refused 2 - - rate: 60014 Requests too frequent']],
    ['okx', '{"event":"error","code":"60018","msg":"Wrong URL or channel:books,instId:BTC-USDT doesn\'t exist. Please use the correct URL."}',
      ['refused - depth BTC/USDT lasting: 60018 Wrong URL or channel:books,instId:BTC-USDT doesn\'t exist. Please use the correct URL.']],
    ['okx', 'pong', []],
    ['kraken', '{"method":"subscribe","result":{"channel":"book","symbol":"BTC/USD","depth":1000,"snapshot":true},"success":true,"req_id":1}', ['acknowledged 1 depth BTC/USD']],
    ['kraken', '{"error":"Exceeded msg rate","method":"subscribe","success":false,"symbol":"BTC/USD","req_id":2}', ['refused 2 - BTC/USD rate: Exceeded msg rate']],
    ['kraken', '{"error":"Currency pair not supported BTC/USD","method":"subscribe","success":false,"symbol":"BTC/USD"}', ['refused - - BTC/USD lasting: Currency pair not supported BTC/USD']],
    ['kraken', '{"error":"Subscription Not Found","method":"unsubscribe","success":false,"symbol":"BTC/USD","req_id":2}', []],
    ['kraken', '{"method":"pong","req_id":3}', []],
    ['kraken', '{"channel":"status","type":"update","data":[{"system":"online"}]}', []],
    ['kraken', '{"channel":"heartbeat"}', ['beat']],
    ['coinbase', '{"channel":"subscriptions","sequence_num":2,"events":[{"subscriptions":{"level2":["BTC-USD","ETH-USD"],"heartbeats":["heartbeats"]}}]}',
      ['acknowledged - depth BTC/USD', 'acknowledged - depth ETH/USD']],
    ['coinbase', '{"channel":"heartbeats","sequence_num":3,"events":[]}', ['beat']],
    ['coinbase', '{"type":"error","message":"rate limit exceeded"}', ['refused - - - rate: rate limit exceeded']],
  ])('%s %s', (id, frame, expected) => expect(heard(id, frame)).toEqual(expected));
});

test.each([...VENUES.values()].map(({ id }) => id))('%s: garbage tells nothing and throws nothing', (id) => {
  const { hear } = hearingOf(venue(id), venue(id).catalogue);
  const odd = ['', '{', '{"stream":"', '{"arg":{"channel":"', '{"channel":"', '{"channel":"book"', '[]', '7', 'null', '{"stream":7}', '{"channel":"book","data":[7,null]}',
    '{"channel":"ticker","events":[null,{"tickers":[null]}]}', '{"arg":null,"event":"error"}', '{"error":null}', '{"channel":"subscriptions","events":[{"subscriptions":[[7]]}]}', '{"arg":7}'];
  for (const frame of odd) expect([frame, hear(frame).filter((one) => one.startsWith('data'))]).toEqual([frame, []]);
});

/** Of each frame: what the reader found in it, and what the listener told. */
function compared(definition: VenueDefinition, instruments: readonly InstrumentSpecification[], frames: readonly Uint8Array[]) {
  const { reader, sink } = readerOf(definition, instruments);
  const { hear } = hearingOf(definition, instruments);
  const differing: string[] = [];
  let told = 0;
  for (const frame of frames) {
    reader.read(frame);
    const found = new Set(sink.take().split('\n').flatMap((line) => {
      const [kind, instrument] = line.split(' ');
      return kind === 'depth' || kind === 'trades' || kind === 'ticker' ? [`data ${kind} ${instruments[Number(instrument)].symbol}`] : [];
    }));
    const listened = hear(frame).filter((one) => one.startsWith('data'));
    told += listened.length;
    if (JSON.stringify([...found].sort()) !== JSON.stringify([...new Set(listened)].sort())) differing.push(`${new TextDecoder().decode(frame.subarray(0, 100))} ${listened.join()}`);
  }
  return { told, differing };
}

recorded('it tells data of just those channels whose data the reader finds, on recorded frames', () => {
  const coinbase = linesOf('coinbase', 'cryptofeed-COINBASE-part.jsonl.gz');
  const kraken = [...transcode(linesOf('kraken', 'cryptofeed-KRAKEN-part.jsonl.gz'))];
  const okx = linesOf('okx', 'cryptofeed-OKX-part.jsonl.gz');
  const usdm = linesOf('binance-usdm', 'cryptofeed-BINANCE_FUTURES.jsonl.gz');
  for (const [id, lines, least] of [['coinbase', coinbase, 600], ['kraken', kraken, 2_000], ['okx', okx, 200], ['binanceusdm', usdm, 1_000]] as const) {
    // OKX's other ticker channel is read, not asked for.
    const frames = framesOf(lines).filter((frame) => id !== 'okx' || !new TextDecoder().decode(frame.subarray(0, 40)).includes('"tickers"'));
    const { told, differing } = compared(venue(id), listedIn(venue(id), lines).found, frames);
    expect([id, differing]).toEqual([id, []]);
    expect(told).toBeGreaterThan(least);
  }
});
