import { describe, expect, test } from '@jest/globals';
import { VENUES, type VenueDefinition } from '../src/index.js';
import { readerOf } from './support/bench-reader.js';

/** Fits at no scale. */
const JOKE = '99999999999999999999';
type Level = readonly [price: string, size: string];

const list = (levels: readonly Level[], more = ''): string => `[${levels.map(([price, size]) => `["${price}","${size}"${more}]`).join(',')}]`;

const binanceFrame = (symbol: string, time: string, ids: string) => (bids: readonly Level[], asks: readonly Level[]): string =>
  `{"stream":"${symbol.toLowerCase()}@depth@100ms","data":{"e":"depthUpdate","E":1786309548000,${time}"s":"${symbol}",${ids},"b":${list(bids)},"a":${list(asks)}}}`;
const FUTURES_TIME = '"T":1786309548000,';
const numbers = (levels: readonly Level[]): string => `[${levels.map(([price, qty]) => `{"price":${price},"qty":${qty}}`).join(',')}]`;
const offers = (side: string, levels: readonly Level[]): string[] => levels.map(([price, size]) =>
  `{"side":"${side}","event_time":"2026-08-09T21:05:48.17Z","price_level":"${price}","new_quantity":"${size}"}`);

interface Sample {
  readonly frame: (bids: readonly Level[], asks: readonly Level[]) => string;
  /** Where the frame has an ask's price and size. */
  readonly places: (index: number) => readonly [price: string, size: string];
  /** A snapshot by REST, where the venue has one, and where it has a bid's size. */
  readonly snapshot?: readonly [body: (bids: readonly Level[], asks: readonly Level[]) => string, place: (index: number) => string];
}
const pair = (at: string) => (index: number) => [`${at}[${index}][0]`, `${at}[${index}][1]`] as const;
const binanceSnapshot = [
  (bids: readonly Level[], asks: readonly Level[]) => `{"lastUpdateId":7,"bids":${list(bids)},"asks":${list(asks)}}`,
  (index: number) => `bids[${index}][1]`,
] as const;
const SAMPLES: Readonly<Record<string, Sample>> = {
  binance: { frame: binanceFrame('BTCUSDT', '', '"U":2,"u":3'), places: pair('a'), snapshot: binanceSnapshot },
  binanceusdm: { frame: binanceFrame('BTCUSDT', FUTURES_TIME, '"U":2,"u":3,"pu":1'), places: pair('a'), snapshot: binanceSnapshot },
  binancecoinm: { frame: binanceFrame('BTCUSD_PERP', FUTURES_TIME, '"ps":"BTCUSD","U":2,"u":3,"pu":1'), places: pair('a'), snapshot: binanceSnapshot },
  okx: {
    frame: (bids, asks) => `{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":${list(asks, ',"0","1"')},"bids":${list(bids, ',"0","1"')},"ts":"1786309548000","checksum":0,"seqId":3,"prevSeqId":2}]}`,
    places: pair('data[0].asks'),
    snapshot: [
      (bids, asks) => `{"code":"0","msg":"","data":[{"asks":${list(asks, ',"0","1"')},"bids":${list(bids, ',"0","1"')},"ts":"1786309548000","seqId":7}]}`,
      (index) => `data[0].bids[${index}][1]`,
    ],
  },
  kraken: {
    frame: (bids, asks) => `{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":${numbers(bids)},"asks":${numbers(asks)},"checksum":7,"timestamp":"2026-08-09T21:05:48.170000Z"}]}`,
    places: (index) => [`data[0].asks[${index}].price`, `data[0].asks[${index}].qty`],
  },
  coinbase: {
    frame: (bids, asks) => `{"channel":"l2_data","client_id":"","timestamp":"2026-08-09T21:05:48.228Z","sequence_num":4,"events":[{"type":"update","product_id":"BTC-USD","updates":[${[...offers('bid', bids), ...offers('offer', asks)].join(',')}]}]}`,
    places: (index) => [`events[0].updates[${index + 1}].price_level`, `events[0].updates[${index + 1}].new_quantity`],
  },
};

const BIDS: readonly Level[] = [['99', '1']];
const FITTING: readonly Level[] = [['101', '1'], ['103', '3']];

/** The depth line of a frame, or what came instead. */
function readingOf(definition: VenueDefinition, text: string): { scanned: boolean; line: string } {
  const { reader, sink } = readerOf(definition, definition.catalogue);
  const bytes = new TextEncoder().encode(text);
  const scanned = reader.scan(bytes);
  const fast = sink.take();
  reader.plain(bytes);
  const slow = sink.take();
  if (fast !== '') expect(fast).toBe(slow);
  return { scanned, line: slow.split('\n').at(-1)! };
}

test('every venue has a sample', () => {
  expect(Object.keys(SAMPLES).toSorted()).toEqual([...VENUES.keys()].toSorted());
});

describe.each([...VENUES.values()].map((definition) => [definition.id, definition] as const))('%s', (id, definition) => {
  const { frame, places, snapshot } = SAMPLES[id];
  const { line: known, scanned } = readingOf(definition, frame(BIDS, FITTING));
  const unit = Number(/asks (\d+):/.exec(known)![1]) / 101;

  test('frames of levels that fit are read by the scan', () => {
    expect([scanned, known]).toEqual([true, expect.stringMatching(/^depth .* bids \d+:\d+ asks \d+:\d+ \d+:\d+ $/)]);
  });

  test('a size that does not fit leaves the rest of its frame as it is, in its place', () => {
    const { scanned: fast, line } = readingOf(definition, frame(BIDS, [FITTING[0], ['102', JOKE], FITTING[1]]));
    expect([fast, line]).toEqual([false, `${known}unread 1:${102 * unit}:${102 * unit}:true:1:${places(1)[1]}`]);
  });

  test('the next frame knows nothing of it', () => {
    const { reader, sink } = readerOf(definition, definition.catalogue);
    for (const size of [JOKE, '2']) reader.plain(new TextEncoder().encode(frame(BIDS, [...FITTING, ['104', size]])));
    expect(sink.take().split('\n').filter((line) => line.includes('unread'))).toHaveLength(1);
  });

  test('an ask whose price does not fit is told by its digits, its removal too', () => {
    const digits = BigInt(JOKE) * BigInt(unit);
    const told = (size: string): string => readingOf(definition, frame(BIDS, [...FITTING, [JOKE, size]])).line;
    expect(told('5')).toBe(`${known}unread 1:Infinity:${digits}:true:2:${places(2)[0]}`);
    expect(told('0')).toBe(`${known}unread 1:Infinity:${digits}:false:2:${places(2)[0]}`);
    expect(told(JOKE)).toBe(told('5'));
  });

  test('a bid whose price does not fit, a negative number: the frame is refused', () => {
    for (const [bids, asks] of [[[[JOKE, '1']], FITTING], [BIDS, [['101', `-${JOKE}`]]]] as const) {
      expect(readingOf(definition, frame(bids, asks)).line).toMatch(/^refused \d+ \S+: ".+" (does not fit|is negative)/);
    }
  });

  test('a number that is finer than the scale costs its level alone, and is news of the instrument', () => {
    const { reader, sink } = readerOf(definition, definition.catalogue);
    const told = (bids: readonly Level[], asks: readonly Level[]): string[] => {
      reader.read(new TextEncoder().encode(frame(bids, asks)));
      return sink.take().split('\n').filter((line) => !line.startsWith('sequence'));
    };
    const scale = String(unit).length - 1;
    const fine = (whole: string): string => `${whole}.${'0'.repeat(scale)}5`;
    const news = (line: string): RegExp => new RegExp(`^finer \\d+ ${line}$`);
    // A price between two steps stands at the better of them, an ask at the lower, a bid at the higher.
    const [asked, ask] = told(BIDS, [FITTING[0], [fine('102'), '7'], FITTING[1]]);
    expect([asked, ask]).toEqual([expect.stringMatching(news(`${scale} ${scale + 1}`)), `${known}unread 1:${102 * unit}:${fine('102')}:true:1:${places(1)[0]}:between`]);
    const [, bid] = told([...BIDS, [fine('98'), '7']], FITTING);
    expect(bid).toMatch(new RegExp(`unread 0:${98 * unit + 1}:${fine('98')}:true:1:\\S+:between$`));
    expect(told(BIDS, [FITTING[0], [fine('102'), '0'], FITTING[1]])[1]).toBe(`${known}unread 1:${102 * unit}:${fine('102')}:false:1:${places(1)[0]}:between`);
    // A size: the price is known, and what stands there is not.
    const [, size] = told(BIDS, [FITTING[0], ['102', '1.00000000000001'], FITTING[1]]);
    expect(size).toBe(`${known}unread 1:${102 * unit}:${102 * unit}:true:1:${places(1)[1]}`);
  });

  test('a number in exponent form is the same number, also where it is finer than the scale', () => {
    const lineOf = (asks: readonly Level[]): string => readingOf(definition, frame(BIDS, asks)).line;
    expect(lineOf([['1.01e2', '1'], ['103', '3E0']])).toBe(known);
    for (const [short, long] of [[['102', '1e-14'], ['102', '0.00000000000001']], [['1.020000000000005e2', '7'], ['102.0000000000005', '7']], [['102', '0e-20'], ['102', '0']]] as const) {
      const expected = lineOf([...FITTING, long]);
      expect(expected).toMatch(/^depth/);
      expect(lineOf([...FITTING, short])).toBe(expected);
    }
  });

  test('a snapshot by REST that holds one is read', () => {
    expect(snapshot !== undefined).toBe(definition.snapshots !== undefined);
    if (!snapshot) return;
    const [body, place] = snapshot;
    const { reader, sink } = readerOf(definition, definition.catalogue);
    reader.snapshot(new TextEncoder().encode(body([['99', '1'], ['98', JOKE]], FITTING)), 0);
    const [line, unread] = sink.take().split(' unread ');
    expect([line, unread]).toEqual([expect.stringMatching(/^depth 0 true /), expect.stringMatching(/^0:\d+:\d+:true:1:/)]);
    expect(unread.endsWith(`:${place(1)}`)).toBe(true);
  });
});
