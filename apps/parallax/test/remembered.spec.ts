import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { connectNats, natsConfiguration, passwordVariable, provision, PROVISIONER, type Bus } from '@parallax/bus';
import { openLastValues } from '@parallax/cache';
import { SystemClock, SystemTimers } from '@parallax/runtime';
import { startSimulator, type Simulator } from '@parallax/simulator';
import { describeWith, startNatsServer, startRedis, until, type NatsServer, type RedisServer } from '@parallax/testing';
import { Quote } from '@parallax/types';
import { patterns, TOPOLOGY } from '@parallax/wire';
import { ServiceProcess } from './support/service-process.js';

/**
 * What a restart of the house finds in Redis: each service in a process of its own, over a real nats-server with users and a
 * real Redis.
 */
const SYMBOLS = 'BTC/USDT,BTC/USD,BTC/USDT:USDT';
const VENUES = 5;
const passwords = Object.fromEntries([PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)].map((user) => [passwordVariable(user), `secret-of-${user}`]));

interface QuoteView {
  readonly venue: string;
  readonly symbol: string;
  readonly bid: { readonly price: string } | null;
  readonly trust: string;
  readonly cause: string;
  readonly receivedAtUs: number;
}

/** Until Redis holds a quote of every venue, none received before `sinceUs`. */
async function untilKept({ url }: RedisServer, sinceUs: number): Promise<void> {
  const silent = { info: () => {}, warn: () => {} };
  const values = openLastValues({ url, market: 'simulated', clock: new SystemClock(), timers: new SystemTimers(), log: silent });
  try {
    await until(async () => {
      const { quotes } = await values.recall();
      return new Set(quotes.filter(({ row }) => row[Quote.receivedAtUs] >= sinceUs).map(({ venue }) => venue)).size >= VENUES;
    }, `quotes of ${VENUES} venues in Redis`);
  } finally {
    await values.close();
  }
}

/** Says one command in Redis' plain form and gives the first answer. */
async function command({ port }: RedisServer, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${text}\r\n`);
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return String(answer);
}

describeWith(['nats-server', 'redis-server'], 'a house that starts again', () => {
  let server: NatsServer;
  let redis: RedisServer;
  let simulator: Simulator;
  let bus: Bus;
  let opportunities = 0;
  const state = mkdtempSync(join(tmpdir(), 'parallax-remembered-'));
  const running: ServiceProcess[] = [];

  const start = (service: string, user: string, more: Record<string, string> = {}): ServiceProcess => {
    const child = new ServiceProcess(`apps/${service}/src/main.ts`, [], {
      NATS_URL: server.url, [passwordVariable(user)]: passwords[passwordVariable(user)], REDIS_URL: redis.url, SYMBOLS, PARALLAX_STATE: state,
      PARALLAX_SIMULATOR_URL: simulator.url, ...more,
    });
    running.push(child);
    return child;
  };
  const market = (): ServiceProcess[] => [start('ingestion', 'ingestion'), start('normalisation', 'normalisation'), start('regime', 'regime')];
  const gatewayAlone = async (): Promise<{ gateway: ServiceProcess; quotes: () => Promise<QuoteView[]>; get: (path: string) => Promise<any> }> => {
    const gateway = start('gateway', 'gateway', { PORT: '0' });
    const address = await gateway.address();
    const get = async (path: string): Promise<any> => (await fetch(address + path)).json();
    return { gateway, get, quotes: async () => (await get('/api/v1/quotes')).data };
  };
  const lacking = (what: string) => (): string => `${what}\n${running.map(({ output }) => output).join('\n')}`;
  /** The newest word of a service that the gateway has heard, once it has. */
  const heard = ({ get }: { get: (path: string) => Promise<any> }, service: string): Promise<{ atUs: number; counters: Record<string, number> }> =>
    until(async () => (await get('/api/v1/health')).data.find((one: any) => one.service === service), lacking(`the gateway hears ${service}`));
  const trusted = (quotes: readonly QuoteView[]): QuoteView[] => quotes.filter(({ trust }) => trust === 'synced');
  const marked = { trust: 'stale', cause: 'remembered' };

  beforeAll(async () => {
    server = await startNatsServer({ config: (port, storeDirectory) => natsConfiguration(TOPOLOGY, { port, storeDirectory }), environment: passwords });
    await provision({ servers: server.url, user: PROVISIONER, password: passwords[passwordVariable(PROVISIONER)], name: 'test' }, TOPOLOGY);
    redis = await startRedis();
    simulator = await startSimulator();
    bus = await connectNats({ servers: server.url, user: 'gateway', password: passwords.NATS_GATEWAY_PASSWORD, name: 'test' });
    bus.subscribe(patterns.opportunities, () => void opportunities++);
  });
  afterEach(() => Promise.all(running.splice(0).map((child) => child.end('SIGKILL'))));
  afterAll(async () => {
    await bus.drain();
    await simulator.stop();
    await redis.stop();
    await server.stop();
    rmSync(state, { recursive: true });
  });

  test('killed all at once, the gateway alone shows the market of before; nothing opens on it; what is live takes its place', async () => {
    const before = market();
    const first = await gatewayAlone();
    await until(async () => trusted(await first.quotes()).length >= VENUES, lacking('every venue is trusted'));
    const [last] = trusted(await first.quotes());
    await untilKept(redis, last.receivedAtUs);
    await Promise.all([...before, first.gateway].map((child) => child.end('SIGKILL')));

    expect(await command(redis, 'HSET parallax:1:simulated:quotes okx:BTC/USDT:USDT garbage foreign:NO/SUCH 12')).toMatch(/^:1/);

    // Arbitrage takes whatever crosses at all, so that nothing but trust keeps it from the remembered quotes.
    start('arbitrage', 'arbitrage', { FEES: '0', MIN_EDGE_BPS: '0', QUOTE_MAX_AGE_MS: '600000' });
    opportunities = 0;
    const alone = await gatewayAlone();
    expect(alone.gateway.output).toMatch(/"refused":2.*"place":"okx:BTC.*stored last values were refused/);
    const remembered = await alone.quotes();
    expect(remembered.length).toBeGreaterThanOrEqual(VENUES - 1);
    for (const quote of remembered) expect(quote).toMatchObject({ ...marked, bid: { price: expect.stringMatching(/^\d+\.?\d*$/) } });
    const same = remembered.find(({ venue, symbol }) => venue === last.venue && symbol === last.symbol);
    expect(same?.receivedAtUs).toBeGreaterThanOrEqual(last.receivedAtUs);
    expect((await alone.get('/api/v1/health')).missing).toContain('normalisation is not there: not started, or ended');
    // Arbitrage runs, and is heard more than once.
    const sinceUs = (await heard(alone, 'arbitrage')).atUs;
    await until(async () => (await heard(alone, 'arbitrage')).atUs > sinceUs + 1_000_000);
    expect(await alone.quotes()).toEqual(remembered);
    expect(opportunities).toBe(0);

    market();
    await until(async () => {
      const quotes = await alone.quotes();
      return trusted(quotes).length >= VENUES && quotes.every(({ cause }) => cause !== 'remembered');
    }, lacking('every venue is trusted again'));
    const newer = (await alone.quotes()).find(({ venue, symbol }) => venue === last.venue && symbol === last.symbol);
    expect(newer?.receivedAtUs).toBeGreaterThan(same!.receivedAtUs);
  });

  test('a Redis that dies while they run costs nothing but its memory, comes back, and holds the market again', async () => {
    const services = market();
    const { gateway, quotes, get } = await gatewayAlone();
    await until(async () => trusted(await quotes()).length >= VENUES, lacking('every venue is trusted'));
    await redis.kill();
    await until(() => services[1].output.includes('cannot be used'), lacking('normalisation misses its Redis'));
    const frames = async (): Promise<number> => (await heard({ get }, 'normalisation')).counters.frames;
    const framesBefore = await frames();
    await until(async () => (await frames()) > framesBefore, lacking('more frames'));
    expect(trusted(await quotes()).length).toBeGreaterThanOrEqual(VENUES);
    await redis.restart();
    await until(() => services[1].output.includes('is there again'), lacking('normalisation finds its Redis again'));
    expect(services[1].output.split('\n').filter((line) => line.includes('cannot be used'))).toHaveLength(1);
    await untilKept(redis, 0);
    expect(await Promise.all([...services, gateway].map((child) => child.end('SIGTERM')))).toEqual([0, 0, 0, 0]);

    const alone = await gatewayAlone();
    expect((await alone.quotes()).filter(({ cause }) => cause === 'remembered').length).toBeGreaterThanOrEqual(VENUES);
  });

  test('with a Redis that is away, or answers nothing, every service starts, runs and ends as without it', async () => {
    await redis.kill();
    const services = [start('normalisation', 'normalisation'), start('regime', 'regime')];
    const alone = await gatewayAlone();
    await Promise.all(services.map((child) => child.address()));
    expect(await alone.quotes()).toEqual([]);
    expect(alone.gateway.output).toMatch(/ECONNREFUSED.*cannot be used/);
    await redis.restart();
    process.kill(redis.pid, 'SIGSTOP');
    try {
      const other = await gatewayAlone();
      expect(other.gateway.output).toMatch(/no answer within 1000 ms/);
      for (const child of [...services, alone.gateway, other.gateway]) expect(await child.end('SIGTERM')).toBe(0);
    } finally {
      process.kill(redis.pid, 'SIGCONT');
    }
  });
});
