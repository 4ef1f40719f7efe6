import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { describeWith, startRedis, startRudeServer, until, type RedisServer } from '@parallax/testing';
import { isTrusted, Quote, Trust, TrustCause, type LastValues, type Remembered } from '@parallax/types';
import { connectRedis, MemoryLastValues, openLastValues, RedisLastValues, type OpenLastValues, type RedisPort } from '../src/index.js';
import { AT, clock, HandTimers, lines, machineTimers, quoteOf, regimeOf, specificationOf, type Lines } from './support/values.js';

const LIMIT_MS = 1_000;
const QUOTES = 'parallax:1:simulated:quotes';
const REGIMES = 'parallax:1:simulated:regimes';
const BTC = specificationOf('binance', 'BTC/USDT');
const SWAP = specificationOf('okx', 'BTC/USDT:USDT');
/** Sorted: a hash has no order. */
const shown = ({ quotes }: Remembered): [string, string, number][] =>
  quotes.map(({ venue, symbol, row }): [string, string, number] => [venue, symbol, row[Quote.bidPrice]]).toSorted();

/** What every cache does, whatever stands behind it. */
function behaviours(open: () => LastValues): void {
  test('the last trusted quote is recalled as a copy that nobody trusts and that any live row follows', async () => {
    const cache = open();
    const row = quoteOf(100);
    cache.putQuote(BTC, row);
    row[Quote.bidPrice] = 1;
    const lost = quoteOf(0, AT + 5);
    lost[Quote.trust] = Trust.resyncing;
    cache.putQuote(BTC, lost);
    const { quotes } = await cache.recall();
    expect(quotes).toHaveLength(1);
    expect(quotes[0]).toMatchObject({ venue: 'binance', symbol: 'BTC/USDT', priceScale: 2, sizeScale: 5 });
    const recalled = quotes[0].row;
    expect([recalled[Quote.bidPrice], recalled[Quote.receivedAtUs], recalled[Quote.specificationVersion]]).toEqual([100, AT, 1]);
    expect([recalled[Quote.trust], recalled[Quote.cause]]).toEqual([Trust.stale, TrustCause.remembered]);
    expect([recalled[Quote.sequence], recalled[Quote.epoch]]).toEqual([0, 0]);
    expect(isTrusted(recalled)).toBe(false);
  });

  test('the scales go with the quote: a specification that changed them leaves nothing of the old', async () => {
    const cache = open();
    cache.putQuote(BTC, quoteOf(100));
    cache.putQuote(specificationOf('binance', 'BTC/USDT', 4), quoteOf(10_000, AT + 1));
    const { quotes } = await cache.recall();
    expect(quotes.map(({ priceScale, row }) => [priceScale, row[Quote.bidPrice]])).toEqual([[4, 10_000]]);
  });

  test('the last regime of each symbol and horizon is recalled', async () => {
    const cache = open();
    cache.putRegime(regimeOf('NORMAL'));
    cache.putRegime(regimeOf('FLASH_CRASH', AT + 1));
    cache.putRegime({ ...regimeOf('NORMAL'), horizon: '1h' });
    expect((await cache.recall()).regimes.map(({ regime, horizon }) => [regime, horizon])).toEqual([['FLASH_CRASH', '1m'], ['NORMAL', '1h']]);
  });
}

describe('in process', () => behaviours(() => new MemoryLastValues()));

describeWith('redis-server', 'over Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  // A test that fails must not leave a client that tries for ever.
  const opened: OpenLastValues[] = [];
  const open = (redis = connectRedis(server.url), log: Lines = lines(), market = 'simulated', timers = new HandTimers()): RedisLastValues => {
    const cache = new RedisLastValues({ redis, place: new URL(server.url).host, market, clock, timers, log });
    opened.push(cache);
    return cache;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((cache) => cache.close()));
  });
  /** Another client, to look behind the cache. */
  const look = async <Result>(body: (redis: RedisPort) => Promise<Result>, url = server.url): Promise<Result> => {
    const redis = connectRedis(url);
    try {
      return await body(redis);
    } finally {
      redis.close();
    }
  };
  const put = (key: string, fields: readonly (string | Buffer)[]): Promise<unknown> =>
    look((redis) => redis.script("return redis.call('HSET', KEYS[1], unpack(ARGV))", key, fields));
  const empty = (): Promise<unknown> => look((redis) => redis.script("return redis.call('FLUSHALL')", 'x', []));

  describe('the common behaviours', () => {
    afterEach(empty);
    behaviours(open);
  });

  test('what a process leaves at its end, the next recalls; of another market it sees nothing', async () => {
    await empty();
    const before = open();
    before.putQuote(BTC, quoteOf(100));
    before.putQuote(SWAP, quoteOf(200));
    before.putRegime(regimeOf('HIGH_VOLATILITY'));
    await before.close();

    const after = open();
    after.putQuote(SWAP, quoteOf(201, AT + 1));
    const recalled = await after.recall();
    expect(shown(recalled)).toEqual([['binance', 'BTC/USDT', 100], ['okx', 'BTC/USDT:USDT', 201]]);
    expect(recalled.regimes.map(({ regime }) => regime)).toEqual(['HIGH_VOLATILITY']);
    expect(recalled.quotes.some(({ row }) => isTrusted(row))).toBe(false);
    expect(after.counters).toMatchObject({ cacheRecalled: 3, cacheFailed: 0, cacheRefused: 0 });
    expect(await open(undefined, undefined, 'live').recall()).toEqual({ quotes: [], regimes: [] });
  });

  test('of two writers the newer value stays, whoever writes last; one from a broken clock does not', async () => {
    await empty();
    const [one, two, reader] = [open(), open(), open()];
    two.putQuote(BTC, quoteOf(2, AT + 2));
    await two.flush();
    one.putQuote(BTC, quoteOf(1, AT + 1));
    await one.flush();
    expect(shown(await reader.recall())).toEqual([['binance', 'BTC/USDT', 2]]);
    await put(QUOTES, ['binance:BTC/USDT', `${'9'.repeat(16)}rubbish`, 'okx:BTC/USDT:USDT', 'nan(0000000000)x']);
    one.putQuote(BTC, quoteOf(3, AT + 3));
    one.putQuote(SWAP, quoteOf(4, AT + 3));
    await one.flush();
    expect(shown(await open().recall())).toEqual([['binance', 'BTC/USDT', 3], ['okx', 'BTC/USDT:USDT', 4]]);
  });

  test('many changes of one value are one write; more values than fit one command go in several; all expire', async () => {
    await empty();
    const calls: number[] = [];
    const redis = connectRedis(server.url);
    const counted: RedisPort = {
      ...redis,
      script: (lua, key, parameters) => {
        calls.push((parameters[1] as Buffer).toString('latin1').split('/USDT').length - 1);
        return redis.script(lua, key, parameters);
      },
    };
    const cache = open(counted);
    for (let i = 0; i < 10_000; i++) cache.putQuote(BTC, quoteOf(i + 1, AT + i));
    await cache.flush();
    await cache.flush();
    expect(calls).toEqual([1]);
    for (let i = 0; i < 1_200; i++) cache.putQuote(specificationOf('okx', `S${i}/USDT`), quoteOf(i + 1));
    await cache.flush();
    expect(calls).toEqual([1, 200, 200, 200, 200, 200, 200]);
    expect((await open().recall()).quotes).toHaveLength(1_201);
    const lives = await look((other) => other.script("return redis.call('PTTL', KEYS[1])", QUOTES, []));
    expect(lives).toBeGreaterThan(86_000_000);
  });

  test('what is garbage, of another, too old or yet to come is refused with place and reason, and stops nothing', async () => {
    await empty();
    const cache = open();
    cache.putQuote(BTC, quoteOf(1));
    cache.putQuote(specificationOf('okx', 'OLD/USDT'), quoteOf(1, AT - 86_500_000_000));
    cache.putQuote(specificationOf('okx', 'SOON/USDT'), quoteOf(1, clock.nowUs() + 90_000_000));
    await cache.flush();
    const stored = (await look((redis) => redis.fields(QUOTES)))['binance:BTC/USDT'];
    const changed = (at: number, value: number): Buffer => {
      const copy = Buffer.from(stored);
      copy.writeDoubleLE(value, 16 + at * 8);
      return copy;
    };
    await put(QUOTES, [
      'rubbish', 'x', 'a:b', 'rubbish', 'a:c', stored.subarray(0, 100), 'a:d', changed(2, 257.5), 'a:e', changed(2 + Quote.askPrice, NaN),
      'a:f', changed(2 + Quote.bidPrice, -1), 'a:g', changed(2 + Quote.trust, Trust.stale), 'a:h', changed(0, 1e6),
      'a:i', changed(2 + Quote.receivedAtUs, AT + 1),
    ]);
    await put(REGIMES, ['x', `${'0'.repeat(16)}{"regime":"GOOD"}`, 'y', `${AT}${JSON.stringify(regimeOf('NORMAL'))}`, 'z', '{']);
    const log = lines();
    const reader = open(undefined, log);
    expect(shown(await reader.recall())).toEqual([['binance', 'BTC/USDT', 1]]);
    expect(reader.counters).toMatchObject({ cacheRecalled: 1, cacheRefused: 13, cacheFailed: 0 });
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatch(/^stored last values were refused .*"refused":13.*"place":".+","reason":".+"/);
  });

  test('keys that are no hashes are refused and, when something is written, replaced', async () => {
    await empty();
    for (const key of [QUOTES, REGIMES]) await look((redis) => redis.script("return redis.call('SET', KEYS[1], 'mine')", key, []));
    const cache = open();
    expect(await cache.recall()).toEqual({ quotes: [], regimes: [] });
    expect(cache.counters).toMatchObject({ cacheRefused: 2, cacheFailed: 0 });
    cache.putQuote(BTC, quoteOf(5));
    cache.putRegime(regimeOf('NORMAL'));
    await cache.flush();
    const recalled = await open().recall();
    expect([shown(recalled), recalled.regimes.length]).toEqual([[['binance', 'BTC/USDT', 5]], 1]);
  });

  test('a Redis that dies and comes back empty is said once, costs no one a wait, and learns everything again', async () => {
    const own = await startRedis();
    const log = lines();
    const cache = open(connectRedis(own.url), log);
    cache.putQuote(BTC, quoteOf(1));
    cache.putRegime(regimeOf('NORMAL'));
    await cache.flush();
    await own.kill();
    cache.putQuote(SWAP, quoteOf(2, AT + 1));
    await cache.flush();
    await cache.flush();
    expect(cache.counters.cacheFailed).toBe(2);
    expect(log.lines).toEqual([expect.stringMatching(/^the cache of last values cannot be used.*reason/)]);
    await own.restart();
    await until(async () => {
      await cache.flush();
      return log.lines.length >= 2;
    });
    expect(log.lines[1]).toContain('there again');
    expect(log.lines.every((line) => line.includes(new URL(server.url).host) && line.includes('"occurrence":1'))).toBe(true);
    await cache.flush();
    const recalled = await open(connectRedis(own.url)).recall();
    expect(shown(recalled)).toEqual([['binance', 'BTC/USDT', 1], ['okx', 'BTC/USDT:USDT', 2]]);
    expect(recalled.regimes).toHaveLength(1);
    await Promise.all(opened.splice(0).map((one) => one.close()));
    await own.stop();
  });

  test('a Redis that answers nothing keeps neither a start nor an end waiting for more than a second', async () => {
    const own = await startRedis();
    const log = lines();
    const timers = new HandTimers();
    const cache = open(connectRedis(own.url), log, 'simulated', timers);
    process.kill(own.pid, 'SIGSTOP');
    try {
      const recalled = cache.recall();
      timers.pass(LIMIT_MS);
      expect(await recalled).toEqual({ quotes: [], regimes: [] });
      cache.putQuote(BTC, quoteOf(1));
      const closed = cache.close();
      timers.pass(LIMIT_MS);
      await closed;
      expect(log.lines).toEqual([expect.stringContaining('no answer within 1000 ms')]);
    } finally {
      process.kill(own.pid, 'SIGCONT');
      await own.stop();
    }
  });

  test('a wrong password is said without the password', async () => {
    const log = lines();
    const secret = 'very-secret-word';
    const cache = open(connectRedis(server.url.replace('redis://', `redis://someone:${secret}@`)), log);
    cache.putQuote(BTC, quoteOf(1));
    await cache.flush();
    expect(await cache.recall()).toMatchObject({ quotes: [{ symbol: 'BTC/USDT' }] });
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatch(/WRONGPASS/);
    expect(log.lines.join()).not.toContain(secret);
  });
});

const options = { market: 'simulated', clock, timers: new HandTimers() };

test('without any Redis a recall gives what is known here, soon', async () => {
  const log = lines();
  const cache = openLastValues({ ...options, url: 'redis://127.0.0.1:1', log });
  cache.putQuote(BTC, quoteOf(1));
  expect(shown(await cache.recall())).toEqual([['binance', 'BTC/USDT', 1]]);
  expect(cache.counters.cacheFailed).toBe(1);
  expect(log.lines).toEqual([expect.stringMatching(/"place":"127\.0\.0\.1:1".*ECONNREFUSED/)]);
  await cache.close();
});

test('an address that no client can read is refused without its password; none means this process', async () => {
  const url = 'redis://:100%zz-secret@localhost';
  expect(() => openLastValues({ ...options, url, log: lines() })).toThrow(expect.objectContaining({ code: 'CONFIG_REFUSED', place: 'REDIS_URL' }));
  expect(() => openLastValues({ ...options, url, log: lines() })).not.toThrow('secret');
  expect(openLastValues({ ...options, url: undefined, log: lines() })).toBeInstanceOf(MemoryLastValues);
});

test('a Redis that resets its connections and answers with noise costs nothing but what it holds', async () => {
  const rude = await startRudeServer(6, ['+OK\r\n', '-LOADING Redis is loading the dataset in memory\r\n', '$500\r\nabc', '*1000000\r\n', ':1\r\n']);
  const cache = openLastValues({ ...options, timers: machineTimers, url: `redis://127.0.0.1:${rude.port}`, log: lines() });
  for (let round = 1; round <= 8; round++) {
    cache.putQuote(BTC, quoteOf(round, AT + round));
    expect((await cache.recall()).quotes.map(({ row }) => row[Quote.bidPrice])).toEqual([round]);
  }
  expect(rude.accepted).toBeGreaterThan(1);
  await cache.close();
  await rude.stop();
});
