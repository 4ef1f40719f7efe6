import { expect, test } from '@jest/globals';
import { InstrumentTable, Trust, TrustCause } from '@parallax/types';
import { binanceusdm, coinbase, VENUES, type VenueDefinition } from '@parallax/venues';
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
  read(2, book(5, 'update', '99'), START + 2 * SECOND);
  expect([keeper.trust, keeper.book.levels(0)]).toEqual([Trust.resyncing, 0]);
  read(2, book(6, 'snapshot', '98'), START + 2 * SECOND);
  read(2, book(7, 'update', '97'), START + 2 * SECOND);
  expect([keeper.trust, keeper.book.bestBidPrice]).toEqual([Trust.synced, 9_800]);
});

test('while two connections carry a chained book, whichever tells the next change moves it, and neither disturbs the other', () => {
  const { normaliser, read, keeper } = futures();
  const [OLD, NEW] = [PUBLIC, 3];
  // The new one lags behind, then leads, then the old one loses a change.
  read(OLD, depth(12, 12, 11, START));
  read(OLD, depth(13, 13, 12, START));
  read(NEW, depth(12, 12, 11, START));
  read(NEW, depth(13, 13, 12, START));
  read(NEW, depth(14, 14, 13, START));
  read(NEW, depth(15, 15, 14, START));
  read(OLD, depth(15, 15, 14, START));
  read(OLD, depth(16, 16, 15, START));
  expect([keeper.trust, keeper.lastId, keeper.counters.gaps]).toEqual([Trust.synced, 16, 0]);
  // The old one told the last change, and ends.
  normaliser.onConnectionClosed(OLD, START);
  read(NEW, depth(16, 16, 15, START));
  read(NEW, depth(17, 17, 16, START));
  expect([keeper.trust, keeper.lastId, keeper.counters]).toMatchObject([Trust.synced, 17, { gaps: 0, disconnects: 0 }]);
});

test('a change that both connections lost is a gap', () => {
  const { read, keeper } = futures();
  read(3, depth(11, 11, 10, START));
  read(PUBLIC, depth(13, 13, 12, START));
  expect([keeper.trust, keeper.cause]).toEqual([Trust.resyncing, TrustCause.gap]);
});

test('a connection that ended without a word does not keep the next one from the book', () => {
  const { read, snapshot, keeper } = futures();
  const later = START + 5 * SECOND;
  read(3, depth(20, 21, 19, later), later);
  expect([keeper.trust, keeper.cause]).toEqual([Trust.resyncing, TrustCause.gap]);
  snapshot(3, { lastUpdateId: 21, bids: [['100', '1']], asks: [['101', '1']] }, later);
  read(3, depth(22, 22, 21, later), later);
  expect(keeper.trust).toBe(Trust.synced);
});

test('a book waits for its snapshot with the updates of one connection', () => {
  const { read, snapshot, keeper } = watched(binanceusdm, 'BTC/USDT:USDT');
  for (const id of [12, 13]) read(PUBLIC, depth(id, id, id - 1, START));
  for (const id of [12, 13]) read(3, depth(id, id, id - 1, START));
  snapshot(PUBLIC, { lastUpdateId: 11, bids: [['100', '1']], asks: [['101', '1']] });
  expect([keeper.trust, keeper.lastId]).toEqual([Trust.synced, 13]);
});

test('without ids the other connection’s snapshot takes the book over, and what the old one still tells is passed over', () => {
  const { normaliser, read, keeper } = watched(coinbase, 'BTC/USD');
  read(1, book(0, 'snapshot', '100'));
  read(2, book(0, 'snapshot', '98'));
  read(1, book(1, 'update', '99'));
  read(2, book(1, 'update', '97'));
  normaliser.onConnectionClosed(1, START);
  expect([keeper.trust, keeper.book.bestBidPrice, keeper.book.levels(0)]).toEqual([Trust.synced, 9_800, 2]);
});

test('what a venue refuses to do is heard, with the symbol where it names one', () => {
  const table = new InstrumentTable();
  const definition = VENUES.get('okx')!;
  for (const specification of definition.catalogue) table.add(specification);
  const errors: [string, number][] = [];
  const normaliser = new VenueNormaliser(definition, table, {
    onQuote: ignored, onBook: ignored, onTrades: ignored, onDeadLetter: ignored, onSnapshotWanted: ignored, onTrust: ignored,
  }, { onVenueError: (...error) => errors.push(error) });
  const read = (body: object): void => normaliser.onFrame(1, 1, START, Buffer.from(JSON.stringify(body)));
  read({ event: 'subscribe', arg: { channel: 'books', instId: 'BTC-USDT' }, connId: 'a' });
  read({ event: 'error', code: '60018', msg: 'Wrong URL or channel', connId: 'a' });
  read({ event: 'error', code: '60018', msg: 'no such instrument', arg: { channel: 'books', instId: 'BTC-USDT' }, connId: 'a' });
  expect(errors).toEqual([['60018 Wrong URL or channel', -1], ['60018 no such instrument', table.find('okx', 'BTC/USDT')]]);
});

test('a snapshot by REST that cannot be read costs a book that stands nothing', () => {
  const { snapshot, read, keeper, normaliser } = futures();
  snapshot(PUBLIC, { code: -1000, msg: 'An unknown error' });
  read(PUBLIC, depth(12, 12, 11, START));
  expect([keeper.trust, keeper.lastId, normaliser.deadLetters.size]).toEqual([Trust.synced, 12, 1]);
});

test('a trade that two connections tell is told once', () => {
  const { normaliser, read } = futures();
  for (const id of [1, 2]) for (const connection of [MARKET, 4]) read(connection, trade(id, START));
  normaliser.onConnectionClosed(MARKET, START);
  read(4, trade(3, START));
  expect(normaliser.market(0).counters.trades).toBe(3);
});

test('a symbol that moved to another connection is followed there, though the one that it came on lives', () => {
  const { normaliser, read, snapshot, keeper } = futures();
  read(MARKET, trade(1, START), START);
  const [later, NEW, NEWER] = [START + 20 * SECOND, 3, 4];
  // The old ones go on with other symbols.
  for (const connection of [PUBLIC, MARKET]) read(connection, { result: [], id: 0 }, later);
  read(NEW, depth(30, 31, 29, later), later);
  expect([keeper.trust, keeper.cause]).toEqual([Trust.resyncing, TrustCause.gap]);
  snapshot(NEW, { lastUpdateId: 31, bids: [['100', '1']], asks: [['101', '1']] }, later);
  read(NEW, depth(32, 32, 31, later), later);
  read(NEWER, trade(2, later), later);
  expect([keeper.trust, keeper.lastId, normaliser.market(0).counters.trades]).toEqual([Trust.synced, 32, 2]);
});

test('without ids a calm book is not taken from its living connection by an update of another', () => {
  const { read, keeper } = watched(coinbase, 'BTC/USD');
  read(1, book(0, 'snapshot', '100'));
  const later = START + 20 * SECOND;
  read(1, { channel: 'heartbeats', sequence_num: 1, timestamp: '2026-08-09T21:05:48.228Z', events: [] }, later);
  read(2, book(0, 'update', '99'), later);
  expect([keeper.trust, keeper.book.bestBidPrice]).toEqual([Trust.synced, 10_000]);
});
