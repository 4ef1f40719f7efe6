import { expect, test } from '@jest/globals';
import type { Bus } from '@parallax/bus';
import { RawKind, type HttpReply, type SocketHandlers } from '@parallax/types';
import { VENUES, type VenueDefinition } from '@parallax/venues';
import { RawAssembler } from '@parallax/wire';
import { VenueIngestion } from '../src/venue-ingestion.js';

const SECOND = 1_000_000;
const text = new TextEncoder();
const KINDS = Object.entries(RawKind);

interface FakeSocket {
  readonly handlers: SocketHandlers;
  readonly sent: string[];
  closed: boolean;
}

/** Ingestion of one venue on sockets, answers and a clock of ours; `heard` is what went out: `<socket's turn> <kind> <bytes>`. */
function stand(venue: string, listing: object, symbols: readonly string[]) {
  let nowUs = 1_700_000_000 * SECOND;
  const sockets: FakeSocket[] = [];
  const heard: string[] = [];
  const asked: ((reply: HttpReply) => void)[] = [];
  const stored = new Map<string, Uint8Array>();
  /** While it is away shared state can neither be read nor written. */
  const shared = { isAway: false };
  const assemblers = new Map<string, RawAssembler>();
  const definition: VenueDefinition = VENUES.get(venue)!;
  const bus = {
    publish(subject: string, bytes: Uint8Array) {
      const assembler = assemblers.get(subject) ?? new RawAssembler();
      assemblers.set(subject, assembler);
      if (!assembler.take(bytes)) return;
      const kind = KINDS.find(([, number]) => number === assembler.frame.kind)![0];
      heard.push(`${[...assemblers.keys()].indexOf(subject)} ${kind} ${new TextDecoder().decode(assembler.bytes)}`.trim());
    },
    state: () => ({
      get: (key: string) => (shared.isAway ? Promise.reject(new Error('the bus is away')) : Promise.resolve(stored.has(key) ? { key, bytes: stored.get(key)!, revision: 1 } : null)),
      put: (key: string, value: Uint8Array) => Promise.resolve(void stored.set(key, value)),
    }),
  };
  const alarms: (() => void)[] = [];
  const delaysMs: number[] = [];
  let ids = 0;
  const context = {
    bus: bus as unknown as Bus, clock: { nowUs: () => nowUs }, timers: { after: (delayMs: number, callback: () => void) => (alarms.push(callback), delaysMs.push(delayMs), () => undefined) },
    random: { next: () => 0.5, id: () => (++ids).toString(16) }, instance: 'i',
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  const listings = new Set(definition.listing.urls());
  const answered = (body: unknown): HttpReply => ({ status: 200, headers: {}, body: text.encode(JSON.stringify(body)) });
  const ingestion = new VenueIngestion(context, {
    open(_url, handlers) {
      const socket: FakeSocket = { handlers, sent: [], closed: false };
      sockets.push(socket);
      return { send: (message) => void socket.sent.push(message), close: () => void (socket.closed = true) };
    },
  }, {
    // The listing is what the object holds when it is asked for.
    get: (url) => (listings.has(url) ? Promise.resolve(answered(listing)) : new Promise((resolve) => asked.push(resolve))),
  }, { definition, symbols, feeds: definition.feeds }, 1);
  /** Lets time go by, in ingestion's own rounds. */
  const wait = (seconds: number): void => {
    for (let step = 0; step < seconds * 10; step++) ingestion.wake((nowUs += SECOND / 10));
  };
  const speak = (socket: number, frame: unknown): void => sockets[socket].handlers.onFrame(text.encode(JSON.stringify(frame)), nowUs);
  const specifications = (): unknown[] => [...stored.values()].map((value) => JSON.parse(new TextDecoder().decode(value)) as unknown);
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { ingestion, sockets, heard, asked, alarms, delaysMs, shared, answered, specifications, wait, speak, settle };
}

const pair = (base: string, tickSize: string, symbol = `${base}USDT`, status = 'TRADING'): object => ({
  symbol, status, baseAsset: base, quoteAsset: 'USDT', baseAssetPrecision: 8, quoteAssetPrecision: 8,
  filters: [
    { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize },
    { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000', stepSize: '0.00001' },
    { filterType: 'NOTIONAL', minNotional: '5' },
  ],
});
const BINANCE = { symbols: [pair('BTC', '0.01')] };

/** Binance with one symbol, connected. */
async function binance() {
  const made = stand('binance', BINANCE, ['BTC/USDT']);
  await made.ingestion.start();
  made.sockets[0].handlers.onOpen();
  made.speak(0, { result: null, id: 1 });
  return made;
}

test('a bus that is away when the listing is read ends nothing: it is read again, soon', async () => {
  const { ingestion, alarms, shared, specifications } = await binance();
  shared.isAway = true;
  alarms.length = 0;
  await ingestion.start();
  expect([alarms.length, ingestion.problem, ingestion.connections[0].state]).toEqual([1, '', 'open']);
  shared.isAway = false;
  await ingestion.start();
  expect(specifications()).toHaveLength(1);
});

test.each([
  ['kraken', 'BTC/USD', { error: ['EService:Unavailable'] }, 'the venue answers EService:Unavailable'],
  ['okx', 'BTC/USDT', { code: '50011', msg: 'Too Many Requests', data: [] }, 'the venue answers 50011 Too Many Requests'],
  ['binance', 'BTC/USDT', { msg: 'no listing' }, 'expected a list'],
])('an answer of %s that is no listing says nothing of what is listed: the listing is missing, and asked for again soon', async (venue, symbol, answer, reason) => {
  const { ingestion, delaysMs } = stand(venue, answer, [symbol]);
  await ingestion.start();
  expect(ingestion.problem).toBe(`the listing cannot be read: ${reason}`);
  expect(ingestion.feed(1_700_000_000 * SECOND).missing).toMatchObject([{ symbol, state: 'wanted' }]);
  expect(delaysMs).toEqual([expect.any(Number)]);
  expect(delaysMs[0]).toBeLessThan(1_000);
});

test('a snapshot counts among the frames of the socket for which it was asked', async () => {
  const { ingestion, heard, asked, answered, settle } = await binance();
  expect(ingestion.resync({ symbol: 'BTC/USDT', reason: 'gap' })).toBe(true);
  asked[0](answered({ lastUpdateId: 7 }));
  await settle();
  expect(heard).toEqual(['0 opened', '0 stream {"result":null,"id":1}', '0 snapshot {"lastUpdateId":7}']);
});

test('a snapshot that comes after its socket ended is nobody’s: a book would be trusted that nothing follows', async () => {
  const { ingestion, sockets, heard, asked, answered, wait, settle } = await binance();
  ingestion.resync({ symbol: 'BTC/USDT', reason: 'gap' });
  sockets[0].handlers.onClose(1006, '');
  asked[0](answered({ lastUpdateId: 7 }));
  await settle();
  expect(heard.at(-1)).toBe('0 closed');
  // Nor while there is no socket, nor on the next one, which has seen none of the updates before.
  expect(ingestion.resync({ symbol: 'BTC/USDT', reason: 'gap' })).toBe(true);
  expect(asked).toHaveLength(1);
  wait(1);
  sockets[1].handlers.onOpen();
  ingestion.resync({ symbol: 'BTC/USDT', reason: 'gap' });
  sockets[1].handlers.onClose(1006, '');
  wait(1);
  sockets[2].handlers.onOpen();
  asked[1](answered({ lastUpdateId: 9 }));
  await settle();
  expect(heard.filter((one) => one.includes('snapshot'))).toEqual([]);
});

test('where REST gives no snapshot the stream is asked for one, if it has any', async () => {
  const okx = stand('okx', { code: '0', data: [{
    instType: 'SPOT', instId: 'BTC-USDT', baseCcy: 'BTC', quoteCcy: 'USDT', tickSz: '0.1', lotSz: '0.00000001', minSz: '0.00001', state: 'live',
  }] }, ['BTC/USDT']);
  await okx.ingestion.start();
  const [socket] = okx.sockets;
  socket.handlers.onOpen();
  okx.speak(0, { event: 'subscribe' });
  const before = socket.sent.length;
  okx.ingestion.resync({ symbol: 'BTC/USDT', reason: 'gap' });
  expect(socket.sent).toHaveLength(before);
  okx.asked[0]({ status: 503, headers: {}, body: new Uint8Array(0) });
  await okx.settle();
  const operations = (): string[] => socket.sent.slice(before).map((message) => (JSON.parse(message) as { op: string }).op);
  expect(operations()).toEqual(['unsubscribe', 'subscribe']);
  // So it is where one came that did not help.
  okx.ingestion.resync({ symbol: 'BTC/USDT', reason: 'gap' });
  okx.asked[1](okx.answered({ code: '0', data: [] }));
  await okx.settle();
  expect(operations()).toHaveLength(2);
  okx.ingestion.resync({ symbol: 'BTC/USDT', reason: 'gap' });
  expect([operations().length, okx.asked.length]).toEqual([4, 2]);
});

const product = (id: string): object => ({
  product_id: id, base_currency_id: id.slice(0, 3), quote_currency_id: 'USD', price_increment: '0.01', base_increment: '0.00000001',
  quote_increment: '0.01', base_min_size: '0.00000001', quote_min_size: '1', status: 'online', product_type: 'SPOT', alias: '', is_disabled: false,
  trading_disabled: false, cancel_only: false, limit_only: false, post_only: false, auction_mode: false, view_only: false, new: false,
});

test('where only a new connection brings a snapshot, one book leaves the others that are well; alone, or among lost ones, all is made anew', async () => {
  const { ingestion, sockets, wait } = stand('coinbase', { products: [product('BTC-USD'), product('ETH-USD')] }, ['BTC/USD', 'ETH/USD']);
  await ingestion.start();
  sockets[0].handlers.onOpen();
  const before = sockets[0].sent.length;
  expect(ingestion.resync({ symbol: 'BTC/USD', reason: 'ticker disagrees', othersTrusted: true })).toBe(true);
  wait(1.2);
  expect([sockets.map(({ closed }) => closed), ingestion.connections.map(({ channels }) => channels.symbols)]).toEqual([[false, false], [['ETH/USD'], ['BTC/USD']]]);
  const left = sockets[0].sent.slice(before).map((message) => JSON.parse(message) as { type: string; product_ids: string[] });
  expect(left.length).toBeGreaterThan(0);
  for (const message of left) expect(message).toMatchObject({ type: 'unsubscribe', product_ids: ['BTC-USD'] });
  sockets[1].handlers.onOpen();
  expect(sockets[1].sent.some((message) => message.includes('"subscribe"') && message.includes('level2') && message.includes('BTC-USD'))).toBe(true);
  // Nobody else is on its connection now.
  ingestion.resync({ symbol: 'BTC/USD', reason: 'ticker disagrees', othersTrusted: true });
  expect(sockets.map(({ closed }) => closed)).toEqual([false, true]);
  ingestion.resync({ symbol: 'ETH/USD', reason: 'connection gap', othersTrusted: false });
  expect(sockets.map(({ closed }) => closed)).toEqual([true, true]);
});

const CHANGE = { stream: 'btcusdt@depth@100ms', data: { e: 'depthUpdate', s: 'BTCUSDT' } };

test('a calm market is asked, not cut off', async () => {
  const { sockets, wait, speak } = await binance();
  for (let round = 0; round < 30; round++) {
    const before = sockets[0].sent.length;
    // Something happens every quarter of a minute.
    if (round % 4 === 0) for (const stream of ['depth@100ms', 'trade', 'bookTicker']) speak(0, { stream: `btcusdt@${stream}`, data: {} });
    wait(4.2);
    expect(sockets[0].sent.slice(before)).toEqual(['{"method":"LIST_SUBSCRIPTIONS","id":0}']);
    speak(0, { result: ['btcusdt@trade'], id: 0 });
  }
  expect([sockets.length, sockets[0].closed]).toEqual([1, false]);
  wait(11);
  expect(sockets[0].closed).toBe(true);
});

test('the answer to our own question is no life of a channel: it is missing, asked for again, then on another connection', async () => {
  const { ingestion, sockets, wait, speak } = await binance();
  const answered = (seconds: number): void => {
    for (let second = 0; second < seconds; second += 4) {
      wait(4);
      for (let socket = 0; socket < sockets.length; socket++) speak(socket, { result: ['btcusdt@depth@100ms'], id: 0 });
    }
  };
  answered(16);
  expect(ingestion.feed(0).missing).toMatchObject([{ symbol: 'BTC/USDT', state: 'acknowledged', feeds: ['depth'], sinceUs: null }]);
  answered(8);
  expect(ingestion.feed(0).missing).toMatchObject([{ symbol: 'BTC/USDT', state: 'asked', feeds: ['depth'], sinceUs: expect.any(Number), attempts: 1 }]);
  expect(sockets[0].sent.filter((message) => !message.includes('LIST_'))).toEqual([
    '{"method":"SUBSCRIBE","params":["btcusdt@depth@100ms","btcusdt@trade","btcusdt@bookTicker"],"id":1}',
    '{"method":"UNSUBSCRIBE","params":["btcusdt@depth@100ms"],"id":2}', '{"method":"SUBSCRIBE","params":["btcusdt@depth@100ms"],"id":3}',
  ]);
  answered(40);
  expect([sockets.length, sockets[0].closed]).toEqual([2, false]);
  sockets[1].handlers.onOpen();
  speak(1, CHANGE);
  wait(11);
  expect([sockets[0].closed, ingestion.feed(0).missing, ingestion.feed(0).open]).toEqual([true, [], 1]);
});

test('a symbol that the venue does not list is told, and not asked for', async () => {
  const { ingestion, sockets } = stand('binance', BINANCE, ['BTC/USDT', 'BTC/UDST']);
  expect(ingestion.feed(0).missing).toMatchObject([{ symbol: 'BTC/USDT', state: 'wanted', sinceUs: null }, { symbol: 'BTC/UDST', state: 'wanted' }]);
  await ingestion.start();
  sockets[0].handlers.onOpen();
  expect(ingestion.feed(0)).toMatchObject({ wanted: 1, missing: [{ symbol: 'BTC/USDT' }, { symbol: 'BTC/UDST', state: 'unlisted', feeds: [], sinceUs: null }] });
  expect(sockets[0].sent.join()).not.toContain('udst');
});

test('before the venue closes a connection by its age another carries the same for a while, then alone', async () => {
  const { ingestion, sockets, heard, wait, speak } = await binance();
  for (let round = 0; round < 23 * 720 && sockets.length === 1; round++) {
    speak(0, { result: [], id: 0 });
    wait(5);
  }
  expect(sockets).toHaveLength(2);
  sockets[1].handlers.onOpen();
  speak(1, { result: null, id: 1 });
  for (let second = 0; second < 9; second++) {
    speak(0, { from: 'old' });
    speak(1, { from: 'new' });
    wait(1);
  }
  expect([sockets[0].closed, heard.slice(-2)]).toEqual([false, ['0 stream {"from":"old"}', '1 stream {"from":"new"}']]);
  wait(2);
  expect([sockets[0].closed, heard.at(-1)]).toEqual([true, '0 closed']);
  expect(ingestion.connections.map(({ state }) => state)).toEqual(['open']);
  // What the old one still says is not heard.
  speak(0, { from: 'old' });
  expect(heard.at(-1)).toBe('0 closed');
});

test('a venue that says that it will close has a successor at once, and its word to that one is not taken twice', async () => {
  const { sockets, wait, speak } = await binance();
  const notice = { stream: '!serverShutdown', data: { e: 'serverShutdown', E: 1 } };
  speak(0, notice);
  expect(sockets).toHaveLength(1);
  for (let second = 0; second < 61; second++) {
    wait(1);
    speak(0, { result: [], id: 0 });
  }
  speak(0, notice);
  speak(0, notice);
  expect(sockets).toHaveLength(2);
  sockets[1].handlers.onOpen();
  speak(1, notice);
  expect(sockets).toHaveLength(2);
});

test('the listing is read again and again: new steps have a new version, new symbols a connection, lost ones are halted', async () => {
  const listing = { symbols: [pair('BTC', '0.01'), pair('ETH', '0.01')] };
  const { ingestion, sockets, alarms, specifications, settle } = stand('binance', listing, ['BTC/USDT', 'ETH/USDT', 'SOL/USDT']);
  await ingestion.start();
  expect(specifications()).toMatchObject([{ symbol: 'BTC/USDT', version: 1 }, { symbol: 'ETH/USDT', version: 1 }]);
  expect([sockets.length, alarms.length]).toEqual([1, 1]);
  listing.symbols = [pair('BTC', '0.1'), pair('SOL', '0.01')];
  alarms[0]();
  await settle();
  expect(specifications()).toMatchObject([
    { symbol: 'BTC/USDT', version: 2, status: 'trading' }, { symbol: 'ETH/USDT', version: 1, status: 'halted' }, { symbol: 'SOL/USDT', version: 1 },
  ]);
  expect(ingestion.connections.map(({ channels }) => channels.symbols)).toEqual([['BTC/USDT', 'ETH/USDT'], ['SOL/USDT']]);
  // A listing that cannot be read in part halts nobody, and one that cannot be read at all changes nothing.
  listing.symbols = [{ symbol: 'BTCUSDT' }, pair('ETH', '0.01')];
  alarms[1]();
  await settle();
  expect(specifications()).toMatchObject([{ version: 2, status: 'trading' }, { status: 'trading' }, { status: 'trading' }]);
  expect([ingestion.problem, sockets.length, alarms.length]).toEqual(['', 2, 3]);
});

test('a symbol that the venue lists twice is the one that trades, whatever their order', async () => {
  for (const symbols of [[pair('BTC', '1', 'BTCUSDT_OLD', 'BREAK'), pair('BTC', '0.01')], [pair('BTC', '0.01'), pair('BTC', '1', 'BTCUSDT_OLD', 'BREAK')]]) {
    const { ingestion, alarms, specifications, settle } = stand('binance', { symbols }, ['BTC/USDT']);
    await ingestion.start();
    alarms[0]();
    await settle();
    expect(specifications()).toMatchObject([{ venueSymbol: 'BTCUSDT', version: 1 }]);
    expect(ingestion.instruments).toHaveLength(1);
  }
});

test('numbers finer than a specification have the listing read at once, and are read themselves where it does not tell', async () => {
  const listing: { symbols: object[] } = { symbols: [pair('BTC', '0.01'), pair('ETH', '0.01')] };
  const { ingestion, alarms, specifications, settle } = stand('binance', listing, ['BTC/USDT', 'ETH/USDT']);
  await ingestion.start();
  const [btc] = specifications() as { priceScale: number }[];
  expect(ingestion.onFiner('SOL/USDT', { price: 9, size: 8 })).toBe(false);
  const reread = async (): Promise<void> => {
    alarms.at(-1)!();
    await settle();
  };
  // The venue has a finer tick now, and says so.
  listing.symbols = [pair('BTC', '0.000000001'), pair('ETH', '0.01')];
  expect(ingestion.onFiner('BTC/USDT', { price: 9, size: 8 })).toBe(true);
  await reread();
  expect(specifications()).toMatchObject([{ version: 2, priceScale: 9, priceStep: 1 }, { version: 1, priceScale: btc.priceScale }]);
  // An old order stands at more decimals than any listing tells: the amounts of the steps stay.
  ingestion.onFiner('ETH/USDT', { price: 10, size: 9 });
  await reread();
  expect(specifications()[1]).toMatchObject({ version: 2, priceScale: 10, sizeScale: 9, priceStep: 10 ** 8, sizeStep: 10 ** 4, minimumSize: 10 ** 4 });
  // Nor where it cannot be read now, nor when it is read again.
  listing.symbols = undefined as never;
  ingestion.onFiner('ETH/USDT', { price: 11, size: 9 });
  await reread();
  expect(specifications()[1]).toMatchObject({ version: 3, priceScale: 11, priceStep: 10 ** 9 });
  listing.symbols = [pair('BTC', '0.01'), pair('ETH', '0.01')];
  await reread();
  expect(specifications()).toMatchObject([{ version: 3, priceScale: 9, priceStep: 10 ** 7 }, { version: 3, priceScale: 11 }]);
});
