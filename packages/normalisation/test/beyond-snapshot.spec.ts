import { expect, test } from '@jest/globals';
import { BookFollower, Side } from '@parallax/book';
import { BOOK_COLUMNS, BookChange, InstrumentTable, LEVEL_COLUMNS, Quote, Trust, TrustCause } from '@parallax/types';
import { binance, binancecoinm, binanceusdm, okx, VENUES, type VenueDefinition } from '@parallax/venues';
import { VenueNormaliser } from '../src/index.js';

/** Snapshots that a venue cuts: what is told, asked for and trusted as the price walks to the end of one and behind it. */
const START_MS = 1_786_309_548_000;
type Level = readonly [price: string, size: string];

interface Sample {
  readonly definition: VenueDefinition;
  readonly symbol: string;
  /** Levels a side of the snapshot. */
  readonly levels: number;
  readonly snapshot: (id: number, bids: readonly Level[], asks: readonly Level[]) => string;
  readonly update: (id: number, bids: readonly Level[], asks: readonly Level[]) => string;
  /** The venue's best quote at an update's id. */
  readonly quote: (id: number, bid: Level, ask: Level) => string;
}

const pairs = (levels: readonly Level[], more = ''): string => `[${levels.map(([price, size]) => `["${price}","${size}"${more}]`).join(',')}]`;
const ofBinance = (definition: VenueDefinition, symbol: string, name: string, levels: number, before: string, ids: (id: number) => string): Sample => ({
  definition, symbol, levels,
  snapshot: (id, bids, asks) => `{"lastUpdateId":${id},"bids":${pairs(bids)},"asks":${pairs(asks)}}`,
  update: (id, bids, asks) =>
    `{"stream":"${name.toLowerCase()}@depth@100ms","data":{"e":"depthUpdate","E":${START_MS},${before}"s":"${name}","U":${id},"u":${id}${ids(id)},"b":${pairs(bids)},"a":${pairs(asks)}}}`,
  quote: (id, [bid, bidSize], [ask, askSize]) =>
    `{"stream":"${name.toLowerCase()}@bookTicker","data":{"u":${id},"s":"${name}","b":"${bid}","B":"${bidSize}","a":"${ask}","A":"${askSize}"${before === '' ? '' : `,"T":${START_MS},"E":${START_MS},"e":"bookTicker"`}}}`,
});
const ORDERS = ',"0","1"';
const okxFrame = (channel: string, data: string, action = ''): string => `{"arg":{"channel":"${channel}","instId":"BTC-USDT"},${action}"data":[${data}]}`;
const futures = `"T":${START_MS},`;
const SAMPLES: readonly Sample[] = [
  ofBinance(binance, 'BTC/USDT', 'BTCUSDT', 5_000, '', () => ''),
  // As other recorders ask for it.
  ofBinance(binance, 'BTC/USDT', 'BTCUSDT', 1_000, '', () => ''),
  ofBinance(binanceusdm, 'BTC/USDT:USDT', 'BTCUSDT', 1_000, futures, (id) => `,"pu":${id - 1}`),
  ofBinance(binancecoinm, 'BTC/USD:BTC', 'BTCUSD_PERP', 1_000, futures, (id) => `,"ps":"BTCUSD","pu":${id - 1}`),
  {
    definition: okx, symbol: 'BTC/USDT', levels: 400,
    snapshot: (id, bids, asks) => `{"code":"0","msg":"","data":[{"asks":${pairs(asks, ORDERS)},"bids":${pairs(bids, ORDERS)},"ts":"${START_MS}","seqId":${id}}]}`,
    update: (id, bids, asks) => okxFrame('books', `{"asks":${pairs(asks, ORDERS)},"bids":${pairs(bids, ORDERS)},"ts":"${START_MS}","checksum":0,"seqId":${id},"prevSeqId":${id - 1}}`, '"action":"update",'),
    quote: (id, bid, ask) => okxFrame('bbo-tbt', `{"asks":${pairs([ask], ORDERS)},"bids":${pairs([bid], ORDERS)},"ts":"${START_MS}","seqId":${id}}`),
  },
];

function stand({ definition, symbol }: Sample) {
  const table = new InstrumentTable();
  const instrument = table.add(definition.catalogue.find((one) => one.symbol === symbol)!);
  const { priceScale, priceStep } = table.get(instrument);
  const follower = new BookFollower(priceStep);
  const wanted: TrustCause[] = [];
  const keyframes: number[] = [];
  let quote: number[] = [];
  const normaliser = new VenueNormaliser(definition, table, {
    onQuote: (_, row) => { quote = [row[Quote.trust], row[Quote.cause], row[Quote.bidPrice] / 10 ** priceScale, row[Quote.askPrice] / 10 ** priceScale]; },
    onBook: (_, row, columns) => {
      expect(follower.apply(row)).toBe(true);
      expect(columns).toBe(BOOK_COLUMNS + LEVEL_COLUMNS * (row[BookChange.bidCount] + row[BookChange.askCount]));
      keyframes.push(row[BookChange.keyframe]);
    },
    onTrades: () => {}, onTrust: () => {}, onDeadLetter: ({ reason }) => { throw new Error(reason); }, onSnapshotWanted: (_, cause) => wanted.push(cause),
  });
  const { keeper } = normaliser.market(instrument);
  let frame = 0;
  const read = (text: string): void => normaliser.onFrame(1, ++frame, START_MS * 1_000 + frame * 1_000, Buffer.from(text));
  const snapshot = (text: string): void => normaliser.onSnapshot(1, ++frame, START_MS * 1_000 + frame * 1_000, Buffer.from(text), instrument);
  const shown = (side: Side): number[] => {
    const prices = new Float64Array(6_000);
    return [...prices.subarray(0, follower.book.top(side, prices, new Float64Array(6_000)))].map((price) => price / 10 ** priceScale);
  };
  return { keeper, wanted, keyframes, read, snapshot, shown, quote: () => quote };
}

/** Bids from 60000 down, asks from 60000.1 up, a level each 0.1. */
const bid = (index: number): string => (60_000 - index / 10).toFixed(1);
const ask = (index: number): string => (60_000.1 + index / 10).toFixed(1);
const ladder = (price: (index: number) => string, from: number, count: number, size = '1'): Level[] =>
  Array.from({ length: count }, (_, index): Level => [price(from + index), size]);

const cases = SAMPLES.map((sample) => [sample.definition.id, sample.levels, sample] as const);

test.each(cases)('%s, %d levels: behind the last level of a snapshot nothing is the best, nor told', (_id, levels, sample) => {
  const { keeper, read, snapshot, quote, wanted, shown, keyframes } = stand(sample);
  read(sample.update(101, [], []));
  snapshot(sample.snapshot(101, ladder(bid, 0, levels), ladder(ask, 0, levels)));
  expect([quote(), wanted]).toEqual([[Trust.synced, TrustCause.snapshotApplied, 60_000, 60_000.1], [TrustCause.snapshotMissing]]);
  // Somebody adds levels on both sides of the edge; the one behind it is not told.
  read(sample.update(102, [[bid(levels + 10), '5'], [bid(levels - 1), '7']], [[ask(levels), '5']]));
  expect([shown(Side.bid).length, shown(Side.bid).at(-1), shown(Side.ask).length, keyframes.at(-1)]).toEqual([levels, Number(bid(levels - 1)), levels, 0]);
  // All bids of the snapshot go: not an empty side, but an unknown one.
  read(sample.update(103, ladder(bid, 0, levels, '0'), []));
  expect([quote(), shown(Side.bid)]).toEqual([[Trust.suspect, TrustCause.beyondSnapshot, 0, 60_000.1], []]);
  read(sample.update(104, [[bid(levels + 50), '3']], []));
  expect([quote(), shown(Side.bid), wanted]).toEqual([[Trust.suspect, TrustCause.beyondSnapshot, 0, 60_000.1], [], [TrustCause.snapshotMissing, TrustCause.beyondSnapshot]]);
  // A late reader is told no more than those who followed.
  expect([keeper.isJoined, keeper.counters.beyond, keeper.counters.gaps]).toEqual([false, 1, 0]);
  snapshot(sample.snapshot(104, [[bid(levels + 5), '3'], [bid(levels + 10), '5'], [bid(levels + 50), '3']], ladder(ask, 0, levels)));
  expect([quote(), shown(Side.bid)]).toEqual([
    [Trust.synced, TrustCause.snapshotApplied, Number(bid(levels + 5)), 60_000.1], [bid(levels + 5), bid(levels + 10), bid(levels + 50)].map(Number),
  ]);
});

test.each(cases)('%s, %d levels: a fresh snapshot is fetched before the best gets there, and no trust is lost', (_id, levels, sample) => {
  const { keeper, read, snapshot, quote, wanted, shown } = stand(sample);
  snapshot(sample.snapshot(101, ladder(bid, 0, levels), ladder(ask, 0, levels)));
  let id = 101;
  let best = 0;
  let whereAsked = 0;
  // The price falls through a range of two snapshots; what is asked for comes three updates later, of one update after the asking.
  const due: [atId: number, body: string][] = [];
  while (best < levels * 2) {
    const step = Math.ceil(levels / 40);
    id++;
    const asked = wanted.length;
    read(sample.update(id, ladder(bid, best, step, '0'), ladder((index) => bid(index), best, 1, '2')));
    best += step;
    if (wanted.length > asked) {
      whereAsked ||= best;
      due.push([id + 3, '']);
    }
    for (const entry of due) if (entry[1] === '' && id === entry[0] - 2) entry[1] = sample.snapshot(id, ladder(bid, best, levels), [[bid(best - step), '2'], ...ladder(ask, 0, levels - 1)]);
    for (const entry of due.splice(0)) {
      if (entry[0] > id) due.push(entry);
      else snapshot(entry[1]);
    }
    expect([best, quote().slice(0, 3)]).toEqual([best, [Trust.synced, keeper.cause, Number(bid(best))]]);
  }
  expect(wanted.every((cause) => cause === TrustCause.beyondSnapshot)).toBe(true);
  expect(whereAsked / levels).toBeGreaterThan(0.4);
  expect(whereAsked / levels).toBeLessThan(0.75);
  expect([keeper.counters.renewals >= 3, keeper.counters.gaps, keeper.counters.beyond]).toEqual([true, 0, 0]);
  expect(shown(Side.bid).length).toBeGreaterThan(levels / 4);
});

test.each(cases)('%s, %d levels: what the venue’s own quotes show to be the best is, wherever it lies', (_id, levels, sample) => {
  const { read, snapshot, quote, shown, keyframes } = stand(sample);
  snapshot(sample.snapshot(101, ladder(bid, 0, levels), ladder(ask, 0, levels)));
  read(sample.update(102, ladder(bid, 1, levels - 1, '0'), []));
  // Ahead of the book, as quotes are.
  read(sample.quote(103, [bid(levels + 20), '4'], [ask(0), '1']));
  expect(quote().slice(0, 2)).toEqual([Trust.synced, TrustCause.snapshotApplied]);
  read(sample.update(103, [[bid(0), '0'], [bid(levels + 20), '4'], [bid(levels + 30), '9']], []));
  expect([quote(), shown(Side.bid), keyframes.at(-1)]).toEqual([[Trust.synced, TrustCause.snapshotApplied, Number(bid(levels + 20)), 60_000.1], [Number(bid(levels + 20))], 1]);
  read(sample.update(104, [[bid(levels + 20), '0']], []));
  expect([quote().slice(0, 3), shown(Side.bid)]).toEqual([[Trust.suspect, TrustCause.beyondSnapshot, 0], []]);
});

test('every venue whose snapshots come by REST says where it cuts them, and asks for one of these', () => {
  for (const { id, join, snapshots, catalogue } of VENUES.values()) {
    const limits = join.kind === 'rest-bridge' ? join.snapshotLevels : join.kind === 'in-band' ? join.bridge?.snapshotLevels : undefined;
    if (snapshots === undefined) continue;
    const [, asked] = /(?:limit|sz)=(\d+)/.exec(snapshots.url(catalogue[0])) ?? [];
    expect([id, limits?.includes(Number(asked))]).toEqual([id, true]);
  }
});
