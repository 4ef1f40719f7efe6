import { expect, test } from '@jest/globals';
import { Side } from '@parallax/book';
import { InstrumentTable, Quote } from '@parallax/types';
import { binanceusdm } from '@parallax/venues';
import { VenueNormaliser, type NormalisedSink, type NormaliserOptions } from '../src/index.js';

const START_US = 1_786_309_548_000_000;
type Level = readonly [price: string, size: string];
/** Columns that tell when and as the how many-eth a quote was told, beside what it says. */
const WHEN = new Set<number>([Quote.sequence]);

const stream = (name: string, data: object): string => JSON.stringify({ stream: `btcusdt@${name}`, data: { s: 'BTCUSDT', E: START_US / 1_000, T: START_US / 1_000, ...data } });
const depth = (id: number, previous: number, b: readonly Level[], a: readonly Level[]): string =>
  stream('depth@100ms', { e: 'depthUpdate', U: id, u: id, pu: previous, b, a });
const ticker = (u: number, b: string, a: string): string => stream('bookTicker', { e: 'bookTicker', u, b, B: '1', a, A: '1' });
const trade = (id: number): string => stream('aggTrade', { e: 'aggTrade', a: id, p: '100', q: '1', f: id, l: id, m: true });

/** Asked for, joined, followed, lost and joined again; with trades, best quotes ahead and at the book, refusals, silence and the connection's end. */
const SCRIPT: readonly ((normaliser: VenueNormaliser, nowUs: number, frame: number) => void)[] = [
  ...[depth(9, 8, [], []), depth(10, 9, [], [])].map(read),
  snapshot(9), ...[depth(11, 10, [['99', '2']], [['101', '3']]), trade(1), ticker(12, '100', '101'), depth(12, 11, [['98', '1']], [])].map(read),
  read(ticker(12, '100', '101')), read(depth(13, 12, [['100', '4']], [['100.5', '1']])), read('{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","s":"BTCUSDT"}}'),
  ...[depth(14, 13, [['100', '5']], []), trade(2), depth(16, 15, [['100', '6']], []), depth(17, 16, [['99', '6']], [])].map(read),
  snapshot(16), read(depth(18, 17, [['100.1', '1']], [['100.5', '0']])), read(depth(19, 18, [['102', '1']], [])), snapshot(19), read(depth(20, 19, [['99.9', '2']], [])),
  (normaliser, nowUs) => normaliser.onFramesLost(1, nowUs), read(depth(21, 20, [['99.8', '2']], [])),
  (normaliser, nowUs) => normaliser.onWake(nowUs + 60_000_000), read(depth(22, 21, [['99.7', '2']], [])),
  (normaliser, nowUs) => normaliser.onConnectionClosed(1, nowUs), read(depth(30, 29, [], [])), snapshot(30), read(depth(31, 30, [['99.7', '1']], [])),
];

function read(text: string): (normaliser: VenueNormaliser, nowUs: number, frame: number) => void {
  return (normaliser, nowUs, frame) => normaliser.onFrame(1, frame, nowUs, Buffer.from(text));
}
function snapshot(lastUpdateId: number): (normaliser: VenueNormaliser, nowUs: number, frame: number) => void {
  const text = JSON.stringify({ lastUpdateId, E: 0, T: 0, bids: [['100', '1'], ['99.5', '1']], asks: [['101', '1'], ['102', '1']] });
  return (normaliser, nowUs, frame) => normaliser.onSnapshot(1, frame, nowUs, Buffer.from(text), 0);
}

/** What stands after each event, where the sink throws at its `throwsAt`-th call. */
function play(throwsAt: number, options: NormaliserOptions = {}) {
  const table = new InstrumentTable();
  table.add(binanceusdm.catalogue.find(({ symbol }) => symbol === 'BTC/USDT:USDT')!);
  let calls = 0;
  const called: string[] = [];
  const hear = (name: string) => (): void => {
    called.push(name);
    if (++calls === throwsAt) throw new Error(name);
  };
  const sink: NormalisedSink = {
    onQuote: hear('onQuote'), onBook: hear('onBook'), onTrades: hear('onTrades'), onDeadLetter: hear('onDeadLetter'), onTrust: hear('onTrust'), onSnapshotWanted: hear('onSnapshotWanted'),
  };
  const normaliser = new VenueNormaliser(binanceusdm, table, sink, options);
  const { keeper, quote, counters } = normaliser.market(0);
  const thrown: string[] = [];
  const states = SCRIPT.map((event, index) => {
    try {
      event(normaliser, START_US + index * 100_000, index + 1);
    } catch (error) {
      thrown.push((error as Error).message);
    }
    const [prices, sizes] = [new Float64Array(9), new Float64Array(9)];
    const levels = [Side.bid, Side.ask].map((side) => [keeper.book.top(side, prices, sizes), [...prices], [...sizes]]);
    return structuredClone({ levels, trust: keeper.trust, cause: keeper.cause, lastId: keeper.lastId, joined: keeper.isJoined, quote: [...quote.row].filter((_, column) => !WHEN.has(column)), counters, kept: keeper.counters });
  });
  return { states, thrown, calls, called };
}

test('a sink that throws, whichever of its calls it is, leaves book, quote, trust and counters as they would have been', () => {
  const right = play(-1);
  expect(new Set(right.called)).toEqual(new Set(['onQuote', 'onBook', 'onTrades', 'onDeadLetter', 'onTrust', 'onSnapshotWanted']));
  expect(right.states.at(-1)?.trust).toBe(1);
  for (let at = 1; at <= right.calls; at++) {
    const { states, thrown } = play(at);
    expect([at, thrown]).toEqual([at, [right.called[at - 1]]]);
    expect([at, states]).toEqual([at, right.states]);
    const told: string[] = [];
    const heard = play(at, { onSinkFault: (_, place) => told.push(place) });
    expect([heard.thrown, told]).toEqual([[], [right.called[at - 1]]]);
    expect([at, heard.states]).toEqual([at, right.states]);
  }
});

test('a snapshot of which nobody could hear is wanted still', () => {
  const wanted = ({ called }: ReturnType<typeof play>): number => called.filter((name) => name === 'onSnapshotWanted').length;
  const right = play(-1);
  expect(right.called[0]).toBe('onSnapshotWanted');
  expect(wanted(play(1))).toBe(wanted(right) + 1);
});
