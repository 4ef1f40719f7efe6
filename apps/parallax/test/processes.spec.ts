import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectNats, natsConfiguration, passwordVariable, provision, PROVISIONER, requestJson, type Bus } from '@parallax/bus';
import { startSimulator, type Simulator } from '@parallax/simulator';
import { describeWith, startNatsServer, until, type NatsServer } from '@parallax/testing';
import { isTrusted, type ServiceHealth } from '@parallax/types';
import { marketPattern, RowReader, subjects, TOPOLOGY } from '@parallax/wire';
import { ServiceProcess } from './support/service-process.js';

const PARALLAX = 'apps/parallax/src/main.ts';
/** Each of the simulator's venues has one of these. */
const SYMBOLS = 'BTC/USDT,BTC/USD,BTC/USDT:USDT';
const passwords = Object.fromEntries([PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)].map((user) => [passwordVariable(user), `secret-of-${user}`]));

/** What a process is given: the address, its own user's password and no other. */
const environmentOf = (user: string, server: NatsServer): Record<string, string> => ({
  NATS_URL: server.url, [passwordVariable(user)]: passwords[passwordVariable(user)],
});

test('a service alone says in one sentence what is missing, and an unknown name gives the list', async () => {
  const alone = new ServiceProcess('apps/regime/src/main.ts', [], {});
  expect(await alone.exit).toBe(1);
  expect(alone.output).toMatch(/needs NATS_URL, .*`bin\/parallax services up`.*`bin\/parallax provision`/);
  const unknown = new ServiceProcess(PARALLAX, ['run', 'nonsense'], {});
  expect(await unknown.exit).toBe(1);
  expect(unknown.output).toContain('there is no service "nonsense"; there are ingestion, normalisation, regime, ');
});

describeWith('nats-server', 'one process per service over a real server with users', () => {
  let server: NatsServer;
  let simulator: Simulator;
  let bus: Bus;
  const trusted = new Map<string, number>();
  const running: ServiceProcess[] = [];
  const state = mkdtempSync(join(tmpdir(), 'parallax-house-'));

  const start = (main: string, parameters: readonly string[], user: string, more: Record<string, string> = {}): ServiceProcess => {
    const child = new ServiceProcess(main, parameters, { ...environmentOf(user, server), ...more });
    running.push(child);
    return child;
  };
  const normalisation = (): ServiceProcess => start('apps/normalisation/src/main.ts', [], 'normalisation');
  const trustedVenues = (least: number): Promise<unknown> =>
    until(() => trusted.size >= least, () => `${least} trusted markets, not ${[...trusted.keys()].join()}\n${running.map(({ output }) => output).join('\n')}`);

  beforeAll(async () => {
    server = await startNatsServer({ config: (port, storeDirectory) => natsConfiguration(TOPOLOGY, { port, storeDirectory }), environment: passwords });
    await provision({ servers: server.url, user: PROVISIONER, password: passwords[passwordVariable(PROVISIONER)], name: 'test' }, TOPOLOGY);
    simulator = await startSimulator();
    bus = await connectNats({ servers: server.url, user: 'monitoring', password: passwords.NATS_MONITORING_PASSWORD, name: 'test' });
    const reader = new RowReader();
    bus.subscribe(marketPattern('quote'), ({ subject, bytes }) => {
      if (isTrusted(reader.market(bytes, 'quote'))) trusted.set(subject, (trusted.get(subject) ?? 0) + 1);
    });
  });
  afterAll(async () => {
    await Promise.all(running.map((child) => child.end('SIGKILL')));
    await bus.drain();
    await simulator.stop();
    await server.stop();
    rmSync(state, { recursive: true, force: true });
  });

  test('quotes flow, probes and control requests answer, a killed service comes back, each ends in order', async () => {
    const symbols = { SYMBOLS, PARALLAX_SIMULATOR_URL: simulator.url };
    const ingestion = start('apps/ingestion/src/main.ts', [], 'ingestion', symbols);
    const first = normalisation();
    const regime = start(PARALLAX, ['run', 'regime'], 'regime');
    const addresses = await Promise.all([ingestion, first, regime].map((child) => child.address()));
    await trustedVenues(5);

    for (const address of addresses) {
      await until(async () => (await fetch(`${address}/readyz`)).status === 200, () => `a service is ready\n${running.map(({ output }) => output).join('\n')}`);
    }
    expect(await (await fetch(`${addresses[1]}/metrics`)).text()).toMatch(/parallax_count_frames\{service="normalisation"\} [1-9]/);
    const health = (await requestJson(bus, subjects.control('normalisation', 'health'), undefined, { timeoutMs: 60_000 })) as ServiceHealth;
    expect(health).toMatchObject({ service: 'normalisation', ready: true });

    expect(await first.end('SIGKILL')).toBe('SIGKILL');
    const second = normalisation();
    await second.address();
    // What the first had sent before its end has come by now, and must not count.
    await bus.flush();
    trusted.clear();
    await trustedVenues(5);

    for (const child of [ingestion, second, regime]) {
      expect([await child.end('SIGTERM'), child.output.includes('the service has stopped')]).toEqual([0, true]);
    }
  });

  test('the whole house, each service with its own rights and no more, gets ready and ends', async () => {
    const house: readonly (readonly [service: string, user: string, more?: Record<string, string>])[] = [
      ['ingestion', 'ingestion', { PARALLAX_SIMULATOR_URL: simulator.url }], ['normalisation', 'normalisation'], ['regime', 'regime'],
      ['arbitrage', 'arbitrage'], ['paper-venue', 'paper'], ['risk', 'risk'], ['execution', 'execution'], ['monitoring', 'monitoring'],
      ['gateway', 'gateway', { PORT: '0' }],
    ];
    const children = house.map(([service, user, more]) => start(`apps/${service}/src/main.ts`, [], user, { PARALLAX_STATE: state, SYMBOLS, ...more }));
    const told = (): string => children.map(({ output }) => output).join('\n');
    const addresses = await Promise.all(children.map((child) => child.address()));
    for (const [i, address] of addresses.entries()) {
      await until(async () => (await fetch(`${address}/readyz`)).status === 200, () => `${house[i][0]} is not ready\n${told()}`);
    }
    // All nine are heard by the gateway, which knows of nothing that is missing.
    const gatewayMissesNothing = async (): Promise<void> => {
      let missing: readonly string[] = [];
      await until(async () => {
        ({ missing = [] } = (await (await fetch(`${addresses[8]}/api/v1/health`)).json()) as { missing?: readonly string[] });
        return missing.length === 0;
      }, () => `the gateway misses nothing, but: ${missing.join('; ')}\n${told()}`);
    };
    await gatewayMissesNothing();
    // Who starts again comes to venues that are long connected, and takes the place of the one that died.
    await children[1].end('SIGKILL');
    await until(async () => (await (await fetch(`${addresses[8]}/api/v1/health`)).text()).includes('normalisation has been silent'), () => `the gateway misses normalisation\n${told()}`);
    children[1] = start('apps/normalisation/src/main.ts', [], 'normalisation', { PARALLAX_STATE: state, SYMBOLS });
    await children[1].address();
    await gatewayMissesNothing();
    // A person's requests reach risk in its own process, and what is malformed comes back with its place.
    const gateway = await connectNats({ servers: server.url, user: 'gateway', password: passwords.NATS_GATEWAY_PASSWORD, name: 'test' });
    const ask = (subject: string, body: object): Promise<unknown> => requestJson(gateway, subject, body, { timeoutMs: 60_000 });
    expect(await ask(subjects.halt(), { who: 'ada', why: 'a drill' })).toMatchObject({ record: { halted: true, by: 'ada' } });
    await expect(ask(subjects.resume(), { who: 'ada' })).rejects.toMatchObject({ code: 'INPUT_REFUSED', place: 'why' });
    expect(await ask(subjects.resume(), { who: 'ada', why: 'it is over' })).toMatchObject({ record: { halted: false } });
    await gateway.drain();
    expect(told().split('\n').filter((line) => /"the bus refuses |"level":"error"/.test(line))).toEqual([]);

    const ends = await Promise.all(children.map((child) => child.end('SIGTERM')));
    expect(ends).toEqual(house.map(() => 0));
  });
});
