import { connectNats, createMemoryBus, natsConfiguration, passwordVariable, PROVISIONER, type NatsBus } from '@parallax/bus';
import { publishInstruments } from '@parallax/runtime';
import { describeWith, startNatsServer, type NatsServer } from '@parallax/testing';
import type { DeadLetter, VenueFeed, VenueHealth } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { encodeJson, subjects, TOPOLOGY } from '@parallax/wire';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parallax } from './support/command-line.js';

const nowUs = Date.now() * 1000;
const FEED: VenueFeed = {
  venue: 'binance', instance: 'i', connections: 1, open: 1, wanted: 3, atUs: nowUs,
  missing: [{ symbol: 'SOL/USDT', state: 'silent', feeds: ['depth'], sinceUs: nowUs, heardAtUs: nowUs, attempts: 1, reason: '' }],
};
const HEALTH: VenueHealth = {
  venue: 'binance', connected: true, connections: 1, lastFrameAtUs: nowUs, framesPerSecond: 100, reconnects: 0, deadLetters: 2,
  clockOffsetUs: -1_300_000, atUs: nowUs, feed: FEED,
  symbols: [
    { symbol: 'BTC/USDT', trust: 'synced', cause: 'snapshot applied', changedAtUs: nowUs, provenAtUs: nowUs, gaps: 0, resyncs: 1, checksumsChecked: 0, checksumsFailed: 0, crossed: 0 },
    { symbol: 'ETH/USDT', trust: 'resyncing', cause: 'gap', changedAtUs: nowUs, provenAtUs: null, gaps: 3, resyncs: 1, checksumsChecked: 0, checksumsFailed: 0, crossed: 0 },
  ],
};
const letter = (frame: number, text: string): DeadLetter => ({
  venue: 'binance', symbol: null, kind: 'stream', connection: 1, frame, receivedAtUs: nowUs, reason: 'the old reader could not', place: 'data.b', text, truncated: false,
});
const GOOD = `{"stream":"ethusdt@trade","data":{"e":"trade","E":${nowUs / 1000},"s":"ETHUSDT","t":1,"p":"2460.10","q":"1.0000","T":${nowUs / 1000},"m":true,"M":true}}`;
const BAD = '{"stream":"ethusdt@trade","data":{"e":"trade","s":"ETHUSDT","p":"2460.123456789"';

describe('without a system', () => {
  test('all wrong settings of a start are told in one line, those that only together are wrong too', async () => {
    const environment = {
      VENUES: 'binance,okkx', FEES: 'krakn=0.1', CAPITAL: 'much', PARALLAX_HOST: '0.0.0.0', QUOTE_MAX_AGE_MS: '0', SERVICE_PORT: 'x', PARALLAX_API_KEY: '',
    };
    const { code, err } = await parallax(['start', '--fresh', '--port', '80a'], { environment });
    expect([code, err.trim().split('\n').length]).toEqual([1, 1]);
    for (const sentence of ['PORT must be', 'CAPITAL must be', 'QUOTE_MAX_AGE_MS must be', 'SERVICE_PORT must be', 'VENUES names "okkx"', 'FEES names "krakn"', 'only with an API key']) {
      expect(err).toContain(sentence);
    }
  });

  test.each(['PORT', 'SERVICE_PORT'])('a %s that another process has ends the start with one sentence, which names port and variable', async (name) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, err } = await parallax(['start', '--fresh'], { environment: { PORT: '0', SERVICE_PORT: '0', PARALLAX_API_KEY: '', REDIS_URL: '', [name]: String(port) } });
    other.close();
    const [starting, ...rest] = err.trim().split('\n');
    expect([code, starting, rest]).toEqual([1, expect.stringMatching(/^parallax: starting: /), [
      `parallax: nobody can listen on 127.0.0.1:${port}: something listens there already; choose another (port 0 takes a free one) (${name})`,
    ]]);
  });

  test('a state directory that cannot be opened is told with what is wrong and what helps against just that', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parallax-state-'));
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const started = async (state: string): Promise<string[]> => {
      const { code, err } = await parallax(['start'], { environment: { PORT: '0', PARALLAX_STATE: state, PARALLAX_API_KEY: '', REDIS_URL: '' } });
      expect(code).toBe(1);
      return err.trim().split('\n');
    };
    const other = 'Or give this start another PARALLAX_STATE, or --fresh, which keeps nothing';
    expect(await started(file)).toEqual([
      `parallax: the directory "${file}" cannot be made: there is a file where a directory must be (EEXIST): take the file away, or name a directory. ${other}`,
    ]);
    const held = await createMemoryBus(TOPOLOGY, { directory: join(folder, 'bus') });
    expect(await started(folder)).toEqual([
      `parallax: the bus directory "${join(folder, 'bus')}" cannot be opened: another process uses it: end that one, or use another directory. ${other}`,
    ]);
    await held.drain();
    rmSync(folder, { recursive: true });
  });

  test('symbols that no venue lists end the start, naming the venues and what is near', async () => {
    const environment = { VENUES: 'okx,kraken', SYMBOLS: 'BTC/USDT,ETH/USTD', PARALLAX_API_KEY: '' };
    const { code, err } = await parallax(['start', '--fresh', '--port', '0'], { environment });
    expect([code, err]).toEqual([1, expect.stringMatching(/SYMBOLS names what none of the venues \(okx, kraken\) lists: "ETH\/USTD", near to which are .*ETH\/USDT \(okx/)]);
  });

  test.each([
    [['replya'], /Did you mean replay\?/],
    [['explain', 'binance', 'BTC/USDT', '--gateway', 'http://127.0.0.1:9'], /no gateway answers at http:\/\/127.0.0.1:9: start the system/],
    [['provision'], /NATS_URL is not set/],
    [['record', '--venue', 'mtgox', '--symbols', 'A/B'], /"mtgox" is none of the venues/],
    [['record', '--venue', 'okx', '--symbols', 'A/B', '--feeds', 'smell'], /OKX has no feed "smell", only/],
    [['deadletters', '--limit', 'all'], /--limit is "all"; it takes a whole number/],
    [['profit', '--check', '--tries', '0'], /--tries is "0"; it takes a whole number/],
  ])('%j ends with one sentence and exit code 1', async (words, sentence) => {
    const { code, err, out } = await parallax(words, { environment: { PARALLAX_STATE: '/nowhere' } });
    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).toBe('');
    expect(code).toBe(1);
  });

  test('a password that stands in an address is not told', async () => {
    const { code, err } = await parallax(['provision'], { environment: { NATS_URL: 'nats://ann:opensesame@127.0.0.1:9' } });
    expect([code, err]).toEqual([1, 'parallax: no nats-server answers at nats://[hidden]@127.0.0.1:9\n']);
  });

  test('a command whose reader has enough, as head has, ends without a word', async () => {
    expect(await parallax(['provision', '--configuration'], { isUnread: true })).toEqual({ code: 0, out: '', err: '' });
  });

  test('start does not join the bus of a NATS_URL that was set for something else', async () => {
    const { code, err, out } = await parallax(['start', '--fresh'], { environment: { NATS_URL: 'nats://127.0.0.1:9', PORT: '0' } });
    expect(err).toMatch(/NATS_URL is set, and all services with their own market would join that bus: say --bus nats/);
    expect([out, code]).toEqual(['', 1]);
  });

  test.each(['replay', 'record', 'explain', 'profit', 'deadletters', 'provision'])('%s --help tells exit codes and examples', async (command) => {
    const { code, out } = await parallax([command, '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/Exit codes?: 0/);
    expect(out).toMatch(/Examples?:\n/);
  });
});

describe('explain by the gateway', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, reply) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://gateway');
      reply.setHeader('content-type', 'application/json');
      const answers: Record<string, object> = {
        '/api/v1/health': { ready: true, missing: [], data: [], venues: [HEALTH], alerts: [], cursor: null },
        '/api/v1/dead-letters': {
          data: searchParams.get('symbol') === 'BTC/USDT' ? [] : [letter(2, GOOD), letter(1, BAD)].slice(0, Number(searchParams.get('limit'))),
          cursor: null,
        },
        '/api/v1/instruments': { data: VENUES.get('binance')!.catalogue, cursor: null },
      };
      if (!(pathname in answers)) reply.statusCode = 404;
      reply.end(JSON.stringify(answers[pathname] ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());
  const gateway = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  test('tells cause, way out, ages and counters', async () => {
    const { code, out } = await parallax(['explain', 'binance', 'ETH/USDT', '--gateway', gateway()]);
    expect(code).toBe(0);
    expect(out).toMatch(/^binance ETH\/USDT is NOT trusted: resyncing \(gap\)/);
    expect(out).toContain('An update did not follow the one before');
    expect(out).toContain('A fresh snapshot brings trust back');
    expect(out).toContain('gaps 3, resyncs 1');
    expect(out).toContain('clock -1300.0 ms off ours');
    expect(out.match(/the old reader could not \(data\.b\)/g)).toHaveLength(2);
  });

  test('as JSON; a trusted book needs nothing', async () => {
    const { out } = await parallax(['explain', 'binance', 'BTC/USDT', '--json', '--gateway', gateway()]);
    expect(JSON.parse(out)).toMatchObject({ trusted: true, trust: 'synced', wayOut: 'none', next: '', lastDeadLetters: [] });
  });

  test('dead letters of a running system are listed and read again through its gateway', async () => {
    const list = await parallax(['deadletters', '--gateway', gateway(), '--json']);
    expect(list.out.trim().split('\n').map((line) => (JSON.parse(line) as DeadLetter).frame)).toEqual([1, 2]);
    const again = await parallax(['deadletters', 'replay', '--gateway', gateway()]);
    expect(again.out).toContain('1 of 2 would pass now');
    const none = await parallax(['deadletters', '--gateway', 'http://127.0.0.1:9']);
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('no gateway answers at http://127.0.0.1:9') });
  });

  test('a symbol of which nothing is heard is told as missing', async () => {
    const { code, out } = await parallax(['explain', 'binance', 'SOL/USDT', '--gateway', gateway()]);
    expect([code, out]).toEqual([0, expect.stringContaining('nothing is heard of SOL/USDT (depth) any more: silent; asked for again once')]);
  });

  test('an unknown venue or symbol is told with the known ones', async () => {
    expect(await parallax(['explain', 'okx', 'BTC/USDT', '--gateway', gateway()])).toMatchObject({ code: 1, err: expect.stringContaining('known are binance') });
    expect(await parallax(['explain', 'binance', 'A/B', '--gateway', gateway()])).toMatchObject({ code: 1, err: expect.stringContaining('BTC/USDT, ETH/USDT') });
  });
});

describeWith('nats-server', 'on a real NATS', () => {
  let server: NatsServer;
  let environment: Record<string, string> = {};
  const buses: NatsBus[] = [];
  const as = async (user: string): Promise<NatsBus> => {
    const bus = await connectNats({ servers: server.url, user, password: 'test', name: `test-${user}`, topology: TOPOLOGY });
    buses.push(bus);
    return bus;
  };
  beforeAll(async () => {
    const users = [PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)];
    const passwords = Object.fromEntries(users.map((name) => [passwordVariable(name), 'test']));
    server = await startNatsServer({
      config: (port, storeDirectory) => natsConfiguration(TOPOLOGY, { port, storeDirectory }), environment: passwords,
    });
    environment = { ...passwords, NATS_URL: server.url };
  });
  afterAll(async () => {
    await Promise.all(buses.map((bus) => bus.drain()));
    await server.stop();
  });

  test('provision makes everything, the second time nothing, and tries every user', async () => {
    const first = JSON.parse((await parallax(['provision', '--json'], { environment })).out) as Record<string, string[]>;
    expect(first.created.length).toBeGreaterThan(TOPOLOGY.streams.length);
    const second = await parallax(['provision', '--json'], { environment });
    expect(second.code).toBe(0);
    expect(JSON.parse(second.out)).toMatchObject({ created: [], changed: [], unchanged: expect.arrayContaining(first.created) });
    const wrong = await parallax(['provision'], { environment: { ...environment, NATS_RISK_PASSWORD: 'wrong' } });
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('the server refuses risk') });
    expect(wrong.out).toContain('user     execution may log in');
  });

  test('deadletters lists what is kept, and tells which frames pass today', async () => {
    await publishInstruments(await as('ingestion'), VENUES.get('binance')!.catalogue);
    const normalisation = await as('normalisation');
    for (const [i, text] of [GOOD, BAD].entries()) {
      await normalisation.streams.append(subjects.deadLetter('binance'), encodeJson(letter(i, text)), { id: `letter-${i}` });
    }
    const list = await parallax(['deadletters'], { environment });
    expect(list.code).toBe(0);
    expect(list.out).toContain('the old reader could not');
    expect(list.out).toContain('2 of 2');
    expect((await parallax(['deadletters', '--venue', 'okx'], { environment })).out).toBe('no dead letters\n');
    const again = await parallax(['deadletters', 'replay', '--json'], { environment });
    const verdicts = again.out.trim().split('\n').map((line) => (JSON.parse(line) as { now: { verdict: string } }).now.verdict);
    expect(verdicts).toEqual(['passes', 'refused']);
    expect((await parallax(['deadletters', 'replay', '--limit', '1'], { environment })).out).toContain('0 of 1 would pass now');
  });

  test('explain asks normalisation itself and tells the last dead letters of the symbol', async () => {
    const normalisation = await as('normalisation');
    const beat = setInterval(() => normalisation.publish(subjects.venueHealth('binance'), encodeJson(HEALTH)), 250);
    try {
      const { out } = await parallax(['explain', 'binance', 'ETH/USDT', '--json'], { environment });
      expect(JSON.parse(out)).toMatchObject({ trusted: false, wayOut: 'snapshot', lastDeadLetters: [{ place: 'data.b' }, { place: 'data.b' }] });
    } finally {
      clearInterval(beat);
    }
    expect(await parallax(['explain', 'binance', 'ETH/USDT'], { environment })).toMatchObject({ code: 1, err: expect.stringContaining('normalisation does not run') });
    // Of a venue that never sent a frame ingestion alone speaks.
    const ingestion = await as('ingestion');
    const word = setInterval(() => ingestion.publish(subjects.venueFeed('binance'), encodeJson(FEED)), 250);
    try {
      const { out } = await parallax(['explain', 'binance', 'SOL/USDT', '--json'], { environment });
      expect(JSON.parse(out)).toMatchObject({ trusted: false, connected: true, missing: { state: 'silent' } });
    } finally {
      clearInterval(word);
    }
  });
});
