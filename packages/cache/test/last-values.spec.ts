import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { describeWith, startRedis, type RedisServer } from '@parallax/testing';
import { isTrusted, Quote, Trust } from '@parallax/types';
import { connectRedis, MemoryLastValues, RedisLastValues, type LastValues, type RedisPort } from '../src/index.js';
import { AT, noTimers, opportunityOf, quoteOf, regimeOf } from './support/values.js';

/** What every cache does, whatever stands behind it. */
function behaviours(open: () => LastValues): void {
  test('keeps the last quote, a copy of it, with its time', async () => {
    const cache = open();
    const row = quoteOf(100);
    cache.putQuote('binance', 'BTC/USDT', row);
    row[Quote.bidPrice] = 0;
    const last = cache.quote('binance', 'BTC/USDT');
    expect([last?.value[Quote.bidPrice], last?.atUs, last?.confirmed]).toEqual([100, AT, true]);
    cache.putQuote('binance', 'BTC/USDT', quoteOf(101, AT + 1));
    cache.putQuote('binance', 'BTC/USDT', quoteOf(99, AT - 1));
    expect(cache.quote('binance', 'BTC/USDT')?.value[Quote.bidPrice]).toBe(101);
    expect(cache.quote('okx', 'BTC/USDT')).toBeNull();
    expect([...cache.quotes()].map(({ venue, symbol }) => [venue, symbol])).toEqual([['binance', 'BTC/USDT']]);
    await cache.close();
  });

  test('keeps open opportunities until they are closed', async () => {
    const cache = open();
    cache.putOpportunity(opportunityOf('a', 'opened'));
    cache.putOpportunity(opportunityOf('b', 'opened'));
    cache.putOpportunity(opportunityOf('b', 'updated', AT + 5));
    cache.putOpportunity(opportunityOf('a', 'closed', AT + 6));
    expect([...cache.opportunities()].map(({ value, atUs }) => [value.id, value.state, atUs])).toEqual([['b', 'updated', AT + 5]]);
    await cache.close();
  });

  test('keeps the last regime of each symbol and horizon', async () => {
    const cache = open();
    cache.putRegime(regimeOf('NORMAL'));
    cache.putRegime(regimeOf('FLASH_CRASH', AT + 1));
    cache.putRegime({ ...regimeOf('NORMAL'), horizon: '1h' });
    expect(cache.regime('binance', 'BTC/USDT', '1m')?.value.regime).toBe('FLASH_CRASH');
    expect(cache.regime('binance', 'BTC/USDT', '24h')).toBeNull();
    expect([...cache.regimes()]).toHaveLength(2);
    await cache.close();
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
  const opened: LastValues[] = [];
  const open = (redis = connectRedis(server.url)): RedisLastValues => {
    const cache = new RedisLastValues({ redis, timers: noTimers });
    opened.push(cache);
    return cache;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((cache) => cache.close()));
  });
  /** Another client, to look behind the cache. */
  const look = async <Result>(body: (redis: RedisPort) => Promise<Result>): Promise<Result> => {
    const redis = connectRedis(server.url);
    try {
      return await body(redis);
    } finally {
      await redis.close();
    }
  };
  const empty = (): Promise<unknown> => look((redis) => redis.script("return redis.call('FLUSHALL')", 'x', []));

  describe('the common behaviours', () => behaviours(open));

  test('a service that starts knows the market at once, and trusts nothing of it until it is heard again', async () => {
    await empty();
    const before = open();
    before.putQuote('binance', 'BTC/USDT', quoteOf(100));
    before.putQuote('okx', 'BTC/USDT:USDT', quoteOf(200));
    before.putRegime(regimeOf('HIGH_VOLATILITY'));
    before.putOpportunity(opportunityOf('a', 'opened'));
    before.putOpportunity(opportunityOf('b', 'opened'));
    await before.flush();
    before.putOpportunity(opportunityOf('b', 'closed'));
    await before.close();

    const after = open();
    after.putQuote('okx', 'BTC/USDT:USDT', quoteOf(201, AT + 1));
    expect(await after.load()).toBe(3);
    const loaded = after.quote('binance', 'BTC/USDT');
    expect([loaded?.value[Quote.bidPrice], loaded?.atUs, loaded?.confirmed]).toEqual([100, AT, false]);
    expect(loaded?.value[Quote.trust]).toBe(Trust.stale);
    expect(isTrusted(loaded?.value as Float64Array)).toBe(false);
    expect(after.quote('okx', 'BTC/USDT:USDT')).toMatchObject({ confirmed: true, atUs: AT + 1 });
    expect(after.regime('binance', 'BTC/USDT', '1m')).toMatchObject({ confirmed: false, value: { regime: 'HIGH_VOLATILITY' } });
    expect([...after.opportunities()].map(({ value, confirmed }) => [value.id, confirmed])).toEqual([['a', false]]);

    // Heard again, even with an older time than the loaded one: now it counts.
    after.putQuote('binance', 'BTC/USDT', quoteOf(90, AT - 5));
    expect(isTrusted(after.quote('binance', 'BTC/USDT')?.value as Float64Array)).toBe(true);
  });

  test('of two writers the newer value wins, whoever writes last', async () => {
    await empty();
    const [one, two, reader] = [open(), open(), open()];
    two.putQuote('binance', 'X/Y', quoteOf(2, AT + 2));
    await two.flush();
    one.putQuote('binance', 'X/Y', quoteOf(1, AT + 1));
    await one.flush();
    await reader.load();
    expect(reader.quote('binance', 'X/Y')?.value[Quote.bidPrice]).toBe(2);
  });

  test('many changes of one value are one write; more values than fit one command go in several', async () => {
    await empty();
    const calls: number[] = [];
    const redis = connectRedis(server.url);
    const counted: RedisPort = {
      ...redis,
      script: (lua, key, parameters) => {
        if (lua.includes('HSET')) calls.push((parameters.length - 1) / 2);
        return redis.script(lua, key, parameters);
      },
    };
    const cache = open(counted);
    for (let i = 0; i < 10_000; i++) cache.putQuote('binance', 'BTC/USDT', quoteOf(i, AT + i));
    await cache.flush();
    await cache.flush();
    expect(calls).toEqual([1]);
    for (let i = 0; i < 1_200; i++) cache.putQuote('okx', `S${i}/USDT`, quoteOf(i));
    await cache.flush();
    expect(calls).toEqual([1, 500, 500, 200]);
    expect(Object.keys(await look((other) => other.fields('parallax:{quote:okx}')))).toHaveLength(1_200);
  });

  test('a stored value that cannot be read is left out and counted', async () => {
    await empty();
    const cache = open();
    cache.putQuote('binance', 'A/B', quoteOf(1));
    await cache.flush();
    const put = "return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])";
    await look(async (redis) => {
      await redis.script(put, 'parallax:{quote:binance}', ['C/D', 'rubbish']);
      await redis.script(put, 'parallax:{quote:binance}', ['E/F', Buffer.concat([Buffer.from('0'.repeat(16)), new Uint8Array(184)])]);
      await redis.script(put, 'parallax:{regime}', ['x', `${'0'.repeat(16)}{"regime":"GOOD"}`]);
    });
    const reader = open();
    expect(await reader.load()).toBe(1);
    expect([reader.refused, reader.failures]).toEqual([3, 0]);
  });

  test('Redis going away and coming back empty loses nothing that is known here', async () => {
    const own = await startRedis();
    const cache = open(connectRedis(own.url));
    cache.putQuote('binance', 'A/B', quoteOf(1));
    await cache.flush();
    await own.kill();
    cache.putQuote('binance', 'A/B', quoteOf(2, AT + 1));
    await cache.flush();
    expect(cache.failures).toBeGreaterThan(0);
    expect(cache.quote('binance', 'A/B')?.value[Quote.bidPrice]).toBe(2);
    await own.restart();
    for (let tries = 0; tries < 50; tries++) {
      const failures = cache.failures;
      await cache.flush();
      if (cache.failures === failures) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const reader = open(connectRedis(own.url));
    await reader.load();
    expect(reader.quote('binance', 'A/B')?.value[Quote.bidPrice]).toBe(2);
    await Promise.all(opened.splice(0).map((one) => one.close()));
    await own.stop();
  }, 30_000);
});

test('without any Redis a load fails softly', async () => {
  const cache = new RedisLastValues({ redis: connectRedis('redis://127.0.0.1:1'), timers: noTimers });
  expect(await cache.load()).toBe(0);
  expect(cache.failures).toBe(1);
  await cache.close();
}, 20_000);
