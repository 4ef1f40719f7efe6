import { afterEach, expect, test } from '@jest/globals';
import type { Fault } from '@parallax/market-model';
import { QuietMarket } from './support/quiet-market.js';

/** Two symbols of every venue whose protocol the simulator speaks. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
  binance: ['BTC/USDT', 'ETH/USDT', 'SOL/USDT'], binanceusdm: ['BTC/USDT:USDT', 'ETH/USDT:USDT', 'SOL/USDT:USDT'],
  okx: ['BTC/USDT', 'ETH/USDT', 'SOL/USDT'], kraken: ['BTC/USD', 'ETH/USD', 'SOL/USD'], coinbase: ['BTC/USD', 'ETH/USD', 'SOL/USD'],
};
const EVERY = Object.keys(WANTED).toSorted();
const FIRST = Object.fromEntries(EVERY.map((venue) => [venue, WANTED[venue][0]]));
/** Its books and best quotes on one connection, its trades on another. */
const CONNECTIONS = (venue: string): number => (venue === 'binanceusdm' ? 2 : 1);
const LONG = 100_000;
const fault = (kind: Fault['kind'], venue: string, more: Partial<Fault> = {}): Fault => ({ kind, venue, count: 1, seconds: LONG, ...more });

let market: QuietMarket;
afterEach(() => market.close());

test('venues that acknowledge, answer and never send: all is missing, told, and comes with another connection', async () => {
  // Where a venue beats, its connections are ended soon: many are as mute as the first.
  const mute = { ...Object.fromEntries(EVERY.map((venue) => [venue, CONNECTIONS(venue)])), kraken: 4, coinbase: 12 };
  market = await QuietMarket.open(WANTED, Object.entries(mute).map(([venue, count]) => fault('mute-new', venue, { count })));
  const told = new Set<string>();
  await market.until('each venue was told as missing', () => {
    const { missing, troubles } = market.told;
    for (const one of [...missing, ...troubles]) told.add(one.replace(/:[^:]*$/, ''));
    return EVERY.every((venue) => told.has(`missing.${venue}`));
  });
  const sentences = [...told].join('\n');
  for (const venue of EVERY) expect(sentences).toMatch(new RegExp(`${venue}: nothing is heard of ${FIRST[venue]} \\(depth`));
  await market.until('everything is heard, and every book is trusted', () => market.isWhole);
  expect(market.told).toEqual({ missing: [], troubles: [] });
});

test('venues that fall silent after a while and still answer are left for other connections', async () => {
  market = await QuietMarket.open(WANTED);
  await market.until('everything is heard', () => market.isWhole);
  await market.pass(20);
  const before = market.connections;
  for (const venue of EVERY) market.simulator.addFault(fault('mute', venue));
  await market.until('everything is missing or another connection is sought', () =>
    EVERY.every((venue) => market.venuesMissing().includes(venue) || market.connections[venue].some(({ losses }) => losses > 0)));
  // The one that takes a connection's place is heard before it does so.
  const isAnother = (venue: string): boolean => market.connections[venue].some((core) => !before[venue].includes(core) || core.losses > 0);
  await market.until('everything is heard again, on other connections', () => market.isWhole && EVERY.every(isAnother));
});

test('one symbol that falls silent moves to another connection, and the others of its connection lose nothing', async () => {
  market = await QuietMarket.open(WANTED);
  await market.until('everything is heard', () => market.isWhole);
  await market.pass(20);
  const [before, resyncs] = [market.connections, market.resyncs];
  for (const venue of EVERY) market.simulator.addFault(fault('mute', venue, { symbol: FIRST[venue] }));
  await market.until('the silent ones are missing', () => market.venuesMissing(FIRST).length === EVERY.length);
  expect(market.told.troubles.length).toBe(EVERY.length);
  await market.until('they are heard elsewhere', () => market.isWhole);
  for (const venue of EVERY) {
    expect([venue, before[venue].every((core) => market.connections[venue].includes(core) && core.losses === 0)]).toEqual([venue, true]);
    expect([venue, market.connections[venue].length]).toEqual([venue, CONNECTIONS(venue) + 1]);
    for (const symbol of WANTED[venue].slice(1)) expect([venue, symbol, market.resyncs.get(`${venue} ${symbol}`)]).toEqual([venue, symbol, resyncs.get(`${venue} ${symbol}`)]);
  }
});

test('a venue that forgot a subscription is asked again, and no connection is opened for it', async () => {
  market = await QuietMarket.open(WANTED);
  await market.until('everything is heard', () => market.isWhole);
  await market.pass(20);
  for (const venue of EVERY) market.simulator.addFault(fault('forget', venue, { symbol: FIRST[venue] }));
  // One is heard again at once when it is asked again, another second may pass before the next is.
  const missed = new Set<string>();
  await market.until('what was forgotten is missing', () => {
    for (const venue of market.venuesMissing(FIRST)) missed.add(venue);
    return missed.size === EVERY.length;
  });
  await market.until('it is heard again', () => market.isWhole);
  for (const venue of EVERY) expect([venue, market.connections[venue].map(({ losses }) => losses)]).toEqual([venue, Array.from({ length: CONNECTIONS(venue) }, () => 0)]);
});

test('a subscription that is refused as too many is missing in the venue’s words, and asked for again after a pause', async () => {
  market = await QuietMarket.open(WANTED, EVERY.map((venue) => fault('refuse', venue, { symbol: FIRST[venue] })));
  await market.until('the refusals are told', () => market.venuesMissing(FIRST).length === EVERY.length);
  const words: Record<string, string> = {
    binance: 'Too many subscriptions', binanceusdm: 'Too many subscriptions', okx: '60014 Requests too frequent', kraken: 'Exceeded msg rate', coinbase: 'rate limit exceeded',
  };
  for (const venue of EVERY) {
    expect(market.missing()[venue].find(({ symbol }) => symbol === FIRST[venue])).toMatchObject({ state: 'refused', reason: words[venue], attempts: 0 });
  }
  // Nothing is asked at once: the venue said that it is too much.
  await market.pass(20);
  expect(market.venuesMissing(FIRST)).toEqual(EVERY);
  await market.until('they are heard', () => market.isWhole);
  for (const venue of EVERY) expect([venue, market.connections[venue].map(({ losses }) => losses)]).toEqual([venue, Array.from({ length: CONNECTIONS(venue) }, () => 0)]);
});
