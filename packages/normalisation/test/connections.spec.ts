import { expect, test } from '@jest/globals';
import { InstrumentTable, Trust, TrustCause } from '@parallax/types';
import { binanceusdm, coinbase, type VenueDefinition } from '@parallax/venues';
import { VenueNormaliser } from '../src/index.js';

const SECOND = 1_000_000;
const START = 1_786_309_548 * SECOND;
const ignored = (): void => undefined;

/** One symbol of a venue, whose frames come on several connections. */
function watched(definition: VenueDefinition, symbol: string) {
  const table = new InstrumentTable();
  const instrument = table.add(definition.catalogue.find((one) => one.symbol === symbol)!);
  const normaliser = new VenueNormaliser(definition, table, {
    onQuote: ignored, onBook: ignored, onTrades: ignored, onDeadLetter: ignored, onSnapshotWanted: ignored, onTrust: ignored,
  });
  let frame = 0;
  const read = (connection: number, body: object, atUs = START): void => normaliser.onFrame(connection, ++frame, atUs, Buffer.from(JSON.stringify(body)));
  const snapshot = (connection: number, body: object, atUs = START): void =>
    normaliser.onSnapshot(connection, ++frame, atUs, Buffer.from(JSON.stringify(body)), instrument);
  return { normaliser, read, snapshot, keeper: normaliser.market(instrument).keeper };
}

const [PUBLIC, MARKET] = [1, 2];
const depth = (first: number, last: number, previous: number, atUs: number): object => ({
  stream: 'btcusdt@depth@100ms',
  data: { e: 'depthUpdate', E: atUs / 1_000, T: atUs / 1_000, s: 'BTCUSDT', U: first, u: last, pu: previous, b: [['100', String(last)]], a: [] },
});
const trade = (id: number, atUs: number): object => ({
  stream: 'btcusdt@aggTrade',
  data: { e: 'aggTrade', E: atUs / 1_000, s: 'BTCUSDT', a: id, p: '100', q: '1', f: id, l: id, T: atUs / 1_000, m: true },
});

/** Binance USD-M: books come on one connection, trades on another. */
function futures() {
  const stand = watched(binanceusdm, 'BTC/USDT:USDT');
  stand.snapshot(PUBLIC, { lastUpdateId: 10, bids: [['100', '1']], asks: [['101', '1']] });
  stand.read(PUBLIC, depth(10, 11, 9, START));
  expect(stand.keeper.trust).toBe(Trust.synced);
  return stand;
}

test('a book is lost with its own connection, even where a trade came last on another', () => {
  const { normaliser, read, keeper } = futures();
  read(MARKET, trade(1, START));
  normaliser.onConnectionClosed(PUBLIC, START + SECOND);
  expect([keeper.trust, keeper.cause]).toEqual([Trust.resyncing, TrustCause.connectionLost]);
});

test('the end of a connection that carries only trades costs no book its trust', () => {
  const { normaliser, read, keeper } = futures();
  read(MARKET, trade(1, START));
  normaliser.onConnectionClosed(MARKET, START + SECOND);
  expect(keeper.trust).toBe(Trust.synced);
});

test('trades do not prove that a book lives', () => {
  const { normaliser, read, keeper } = futures();
  for (let second = 1; second <= 130; second++) {
    read(MARKET, trade(second, START + second * SECOND), START + second * SECOND);
    normaliser.onWake(START + second * SECOND);
  }
  expect([keeper.trust, keeper.cause]).toEqual([Trust.stale, TrustCause.silence]);
});

test('a chain of ids holds from one connection to the next', () => {
  const { normaliser, read, keeper } = futures();
  read(3, depth(12, 12, 11, START));
  normaliser.onConnectionClosed(PUBLIC, START);
  read(3, depth(13, 13, 12, START));
  expect([keeper.trust, keeper.lastId, keeper.counters.gaps]).toEqual([Trust.synced, 13, 0]);
});

const level = (price: string): object => ({ side: 'bid', event_time: '2026-08-09T21:05:48.17Z', price_level: price, new_quantity: '2' });
const book = (sequence: number, type: string, price: string): object => ({
  channel: 'l2_data', client_id: '', timestamp: '2026-08-09T21:05:48.228Z', sequence_num: sequence,
  events: [{ type, product_id: 'BTC-USD', updates: [level(price)] }],
});

test('without ids an update of another connection hangs on no book: that connection’s own snapshot does', () => {
  const { read, keeper } = watched(coinbase, 'BTC/USD');
  read(1, book(0, 'snapshot', '100'));
  // Neither the end of the first connection nor the snapshot of the second was heard.
  read(2, book(5, 'update', '99'));
  expect([keeper.trust, keeper.book.levels(0)]).toEqual([Trust.resyncing, 0]);
  read(2, book(6, 'snapshot', '98'));
  read(2, book(7, 'update', '97'));
  expect([keeper.trust, keeper.book.bestBidPrice]).toEqual([Trust.synced, 9_800]);
});
