import { expect, test } from '@jest/globals';
import { BookFollower, Side } from '@parallax/book';
import { BookChange, InstrumentTable, Quote, Trust, TrustCause, type DeadLetter } from '@parallax/types';
import { coinbase, kraken, type VenueDefinition } from '@parallax/venues';
import { VenueNormaliser } from './venue-normaliser.js';

const START = 1_786_309_548_200_000;
/** A size that does not fit at 8 decimals. */
const JOKE = '99999997.00000001';
type Level = readonly [price: string, size: string];

/** BTC/USD of a venue, what was told of it, and a reader who follows its book. */
function stream(definition: VenueDefinition) {
  const table = new InstrumentTable();
  const instrument = table.add(definition.catalogue.find(({ symbol }) => symbol === 'BTC/USD')!);
  const follower = new BookFollower(table.get(instrument).priceStep);
  const letters: DeadLetter[] = [];
  const wanted: TrustCause[] = [];
  const keyframes: number[] = [];
  let quote: [trust: number, cause: number] = [0, 0];
  const normaliser = new VenueNormaliser(definition, table, {
    onQuote: (_, row) => { quote = [row[Quote.trust], row[Quote.cause]]; },
    onBook: (_, row) => {
      expect(follower.apply(row)).toBe(true);
      keyframes.push(row[BookChange.keyframe]);
    },
    onTrades: () => {}, onTrust: () => {}, onDeadLetter: (letter) => letters.push(letter), onSnapshotWanted: (_, cause) => wanted.push(cause),
  });
  const market = normaliser.market(instrument);
  let frame = 0;
  const read = (text: string): void => normaliser.onFrame(1, ++frame, START + frame * 1_000, Buffer.from(text));
  /** Prices that a follower may walk to, best first. */
  const shown = (side: Side): number[] => {
    const prices = new Float64Array(2_000);
    return [...prices.subarray(0, follower.book.top(side, prices, new Float64Array(2_000)))].map((price) => price / 10 ** table.get(instrument).priceScale);
  };
  return { instrument, table, normaliser, market, letters, wanted, keyframes, follower, read, shown, quote: () => quote };
}

let sequence = 0;
const coinbaseFrame = (type: string, bids: readonly Level[], asks: readonly Level[]): string => {
  const level = (side: string) => ([price, size]: Level): string =>
    `{"side":"${side}","event_time":"2026-08-09T21:05:48.17Z","price_level":"${price}","new_quantity":"${size}"}`;
  return `{"channel":"l2_data","timestamp":"2026-08-09T21:05:48.228Z","sequence_num":${sequence++},"events":[{"type":"${type}","product_id":"BTC-USD","updates":[${
    [...bids.map(level('bid')), ...asks.map(level('offer'))].join(',')}]}]}`;
};

test('coinbase: a joke deep in the book costs no trust and no connection, is told once, and ends the depth that is shown', () => {
  const { read, market, letters, wanted, quote, shown } = stream(coinbase);
  read(coinbaseFrame('snapshot', [['99.00', '1'], ['98.00', '1']], [['101.00', '1'], ['150.00', JOKE], ['151.00', '2']]));
  for (let i = 0; i < 50; i++) read(coinbaseFrame('update', [['98.50', String(i + 1)]], [['152.00', String(i + 1)], ['102.00', '3']]));
  expect([market.keeper.trust, market.keeper.cause, quote(), wanted]).toEqual([Trust.synced, TrustCause.snapshotApplied, [Trust.synced, TrustCause.snapshotApplied], []]);
  expect([shown(Side.bid), shown(Side.ask)]).toEqual([[99, 98.5, 98], [101, 102]]);
  expect(letters.map(({ symbol, reason, place }) => [symbol, reason, place])).toEqual([
    ['BTC/USD', `"${JOKE}" does not fit exactly at 8 decimals`, 'events[0].updates[3].new_quantity'],
  ]);
  expect(Object.fromEntries(market.counters.deadLetters)).toEqual({ '… does not fit exactly at 8 decimals': 1 });
  read(coinbaseFrame('update', [], [['150.00', '0']]));
  expect([shown(Side.ask), wanted]).toEqual([[101, 102, 151, 152], []]);
});

test('coinbase: a joke at the best is not traded on, and trust comes back when it goes', () => {
  const { read, wanted, quote, shown, market } = stream(coinbase);
  read(coinbaseFrame('snapshot', [['99.00', '1']], [['101.00', '1'], ['102.00', '2']]));
  read(coinbaseFrame('update', [['98.00', '4']], [['100.00', JOKE]]));
  expect([quote(), shown(Side.bid), shown(Side.ask)]).toEqual([[Trust.suspect, TrustCause.levelUnreadable], [99, 98], []]);
  read(coinbaseFrame('update', [['97.00', '4']], [['103.00', '1']]));
  expect(quote()[0]).toBe(Trust.suspect);
  read(coinbaseFrame('update', [], [['99.50', '1']]));
  expect([quote()[0], shown(Side.ask), shown(Side.bid)]).toEqual([Trust.synced, [99.5], [99, 98, 97]]);
  read(coinbaseFrame('update', [], [['99.50', '0']]));
  expect(quote()).toEqual([Trust.suspect, TrustCause.levelUnreadable]);
  read(coinbaseFrame('update', [], [['100.00', '7.5']]));
  expect([quote(), shown(Side.ask), wanted]).toEqual([[Trust.synced, TrustCause.resumed], [100, 101, 102, 103], []]);
  expect(market.keeper.counters.unreadable).toBe(2);
});

test('coinbase: a snapshot whose best is unreadable settles the wish for one: another would hold it too', () => {
  const { read, market, wanted } = stream(coinbase);
  read(coinbaseFrame('update', [['99.00', '1']], []));
  expect(wanted).toEqual([TrustCause.snapshotMissing]);
  read(coinbaseFrame('snapshot', [['99.00', '1']], [['101.00', JOKE]]));
  expect([market.keeper.isJoined, market.keeper.cause, wanted.length]).toEqual([true, TrustCause.levelUnreadable, 1]);
});

test('an ask whose price does not fit lies behind all others; a bid there costs the book, as nothing is known', () => {
  const { read, market, wanted, quote, shown, letters } = stream(coinbase);
  read(coinbaseFrame('snapshot', [['99.00', '1']], [['101.00', '1'], ['99999999999999999.00', '1'], ['102.00', '1']]));
  expect([quote()[0], shown(Side.ask), letters[0].place]).toEqual([Trust.synced, [101, 102], 'events[0].updates[2].price_level']);
  read(coinbaseFrame('update', [['99999999999999999.00', '1']], []));
  expect([market.keeper.trust, market.keeper.cause, wanted]).toEqual([Trust.resyncing, TrustCause.numberRefused, [TrustCause.numberRefused]]);
});

test('a keyframe shows what the changes show', () => {
  const { read, market, shown, follower } = stream(coinbase);
  read(coinbaseFrame('snapshot', [['99.00', '1'], ['98.00', JOKE], ['97.00', '1']], [['101.00', '1']]));
  const late = new BookFollower(1);
  const { row } = market.keyframe({ connection: 1, frame: 1, receivedAtUs: START, epoch: 0 });
  late.apply(row);
  expect([late.book.levels(Side.bid), late.book.levels(Side.ask), late.book.bestBidPrice]).toEqual([1, 1, follower.book.bestBidPrice]);
  expect(shown(Side.bid)).toEqual([99]);
});

test('however levels come and go, readers hold the book up to its first unreadable level', () => {
  const { read, market, shown, keyframes } = stream(coinbase);
  let state = 7;
  const below = (n: number): number => (state = (state * 48_271) % 2_147_483_647) % n;
  read(coinbaseFrame('snapshot', [['100.00', '1']], [['101.00', '1']]));
  const standing = new Map<string, string>([['0:100', '1'], ['1:101', '1']]);
  let suspect = 0;
  for (let round = 0; round < 3_000; round++) {
    const changes = Array.from({ length: 1 + below(4) }, () => {
      const side = below(2);
      const price = side === 0 ? 100 - below(12) : 101 + below(12);
      return [side, price, below(3) === 0 ? '0' : below(16) === 0 ? JOKE : String(1 + below(9))] as const;
    });
    for (const [side, price, size] of changes) {
      if (size === '0') standing.delete(`${side}:${price}`);
      else standing.set(`${side}:${price}`, size);
    }
    const of = (wanted: number): Level[] => changes.filter(([side]) => side === wanted).map(([, price, size]) => [`${price}.00`, size]);
    read(coinbaseFrame('update', of(0), of(1)));
    let isHidden = false;
    for (const side of [Side.bid, Side.ask]) {
      const prices = [...standing.keys()].filter((key) => key.startsWith(String(side))).map((key) => Number(key.slice(2)));
      prices.sort((left, right) => (side === Side.bid ? right - left : left - right));
      const end = prices.findIndex((price) => standing.get(`${side}:${price}`) === JOKE);
      if (end === 0) isHidden = true;
      const expected = end < 0 ? prices : prices.slice(0, end);
      if (JSON.stringify(shown(side)) !== JSON.stringify(expected)) expect([round, shown(side)]).toEqual([round, expected]);
    }
    expect([round, market.keeper.trust]).toEqual([round, isHidden ? Trust.suspect : Trust.synced]);
    if (isHidden) suspect++;
  }
  expect(suspect).toBeGreaterThan(100);
  // Most changes go out as changes.
  expect(keyframes.filter((keyframe) => keyframe === 1).length).toBeLessThan(keyframes.length / 2);
});

/** Kraken's checksum of a book of levels that all fit, by the venue's rule; the stream's own code computes it from the book. */
function krakenSum(bids: readonly Level[], asks: readonly Level[]): number {
  const { read, market, table, instrument } = stream(kraken);
  read(krakenFrame('snapshot', bids, asks));
  const join = kraken.join.kind === 'in-band' ? kraken.join.checksum! : null;
  return join!.compute(market.keeper.book, table.get(instrument));
}
function krakenFrame(type: string, bids: readonly Level[], asks: readonly Level[], checksum?: number): string {
  const list = (levels: readonly Level[]): string => levels.map(([price, qty]) => `{"price":${price},"qty":${qty}}`).join(',');
  const sum = checksum === undefined ? '' : `,"checksum":${checksum}`;
  return `{"channel":"book","type":"${type}","data":[{"symbol":"BTC/USD","bids":[${list(bids)}],"asks":[${list(asks)}]${sum}}]}`;
}
const ladder = (from: number, step: number): Level[] => Array.from({ length: 12 }, (_, i) => [`${from + i * step}.0`, '1.00000000']);

test('kraken: a joke below the best 10 leaves the checksum right, the book trusted and the connection alone', () => {
  const { read, market, wanted, shown, quote } = stream(kraken);
  const [bids, asks] = [ladder(99, -1), ladder(101, 1)];
  const sum = krakenSum(bids, asks);
  read(krakenFrame('snapshot', bids, [...asks.slice(0, 11), ['112.0', JOKE], ['113.0', '1.00000000']], sum));
  read(krakenFrame('update', [['80.0', '1.00000000']], [], sum));
  expect([quote()[0], market.keeper.counters.checksumsChecked, market.keeper.counters.checksumsFailed, wanted]).toEqual([Trust.synced, 2, 0, []]);
  expect(shown(Side.ask)).toHaveLength(11);
});

test('kraken: a joke within the best 10 leaves the checksum unknown: not trusted, not failed, no resync; proved when it goes', () => {
  const { read, market, wanted, quote } = stream(kraken);
  const [bids, asks] = [ladder(99, -1), ladder(101, 1)];
  const sum = krakenSum(bids, asks);
  read(krakenFrame('snapshot', bids, asks, sum));
  expect(quote()[0]).toBe(Trust.synced);
  for (let i = 0; i < 20; i++) read(krakenFrame('update', [], [['104.5', JOKE]], 4_000_000_000 + i));
  expect([quote(), market.keeper.counters.checksumsFailed, wanted]).toEqual([[Trust.suspect, TrustCause.checksumImpossible], 0, []]);
  read(krakenFrame('update', [], [['104.5', '0.00000000']], sum));
  expect([quote(), market.keeper.counters.checksumsFailed, wanted]).toEqual([[Trust.synced, TrustCause.resumed], 0, []]);
});

test('kraken: what was lost while the checksum was unknown shows when it can be computed again', () => {
  const { read, quote, wanted } = stream(kraken);
  const [bids, asks] = [ladder(99, -1), ladder(101, 1)];
  read(krakenFrame('snapshot', bids, asks, krakenSum(bids, asks)));
  read(krakenFrame('update', [], [['104.5', JOKE]], 1));
  read(krakenFrame('update', [], [['104.5', '0.00000000']], 2));
  expect([quote(), wanted]).toEqual([[Trust.resyncing, TrustCause.checksumFailed], [TrustCause.checksumFailed]]);
});
