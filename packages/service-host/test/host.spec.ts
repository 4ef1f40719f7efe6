import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectNats, natsConfiguration, passwordVariable, provision, PROVISIONER, requestJson, type Bus } from '@parallax/bus';
import { healthOf, standingBy, type Service, type ServiceContext } from '@parallax/runtime';
import { describeWith, startNatsServer, type NatsServer } from '@parallax/testing';
import { ParallaxError, type Counters } from '@parallax/types';
import { subjects, TOPOLOGY } from '@parallax/wire';
import { startService, type ServiceDefinition } from '../src/index.js';

const passwords = Object.fromEntries([PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)].map((user) => [passwordVariable(user), `secret-of-${user}`]));

/** A service whose readiness the test decides. */
class Plain implements Service {
  readonly name = 'regime' as const;
  missing: string[] = ['no state is read yet'];
  degraded: string[] = [];
  waits = false;
  readonly steps: string[] = [];
  failAtStart = false;
  healthFault: ParallaxError | null = null;
  counters: Counters = { quotes: 7, leaseLost: 2, refused: 9, leaseLatestUs: 3 };
  constructor(private readonly context: ServiceContext) {}
  start(): Promise<void> {
    this.steps.push('start');
    return this.failAtStart ? Promise.reject(new Error('nothing works')) : Promise.resolve();
  }
  stop(): Promise<void> {
    this.steps.push('stop');
    return this.context.bus.flush();
  }
  health(): ReturnType<Service['health']> {
    if (this.healthFault) throw this.healthFault;
    const health = healthOf(this.name, this.context, 5_000_000, this.missing, this.counters, [], this.degraded);
    return this.waits ? standingBy(health) : health;
  }
}

const plainly = (created: (plain: Plain) => void = () => {}): ServiceDefinition<Plain> => ({
  name: 'regime',
  create(context) {
    const plain = new Plain(context);
    created(plain);
    return plain;
  },
});

test('without NATS_URL it says what to do', async () => {
  await expect(startService(plainly(), { environment: {} })).rejects.toThrow(
    /needs NATS_URL.*bin\/parallax services up.*bin\/parallax provision/,
  );
});

test('refuses all its bad variables at once, before anything is opened', async () => {
  const environment = { NATS_URL: 'http://nowhere', SERVICE_PORT: 'x', LOG_LEVEL: 'loud', PORT: 'not of this service' };
  await expect(startService(plainly(), { environment })).rejects.toMatchObject({ code: 'CONFIG_REFUSED', place: 'SERVICE_PORT, NATS_URL, LOG_LEVEL' });
});

describeWith('nats-server', 'one service on a real server with users', () => {
  let server: NatsServer;
  let asker: Bus;
  const environment = (more: Record<string, string> = {}): Record<string, string> => ({ NATS_URL: server.url, LOG_LEVEL: 'silent', ...passwords, ...more });

  beforeAll(async () => {
    server = await startNatsServer({ config: (port, storeDirectory) => natsConfiguration(TOPOLOGY, { port, storeDirectory }), environment: passwords });
    await provision({ servers: server.url, user: PROVISIONER, password: passwords[passwordVariable(PROVISIONER)], name: 'test' }, TOPOLOGY);
    asker = await connectNats({ servers: server.url, user: 'monitoring', password: passwords.NATS_MONITORING_PASSWORD, name: 'test' });
  });
  afterAll(async () => {
    await asker.drain();
    await server.stop();
  });

  test('answers probes, scrapers and control requests, and ends in order', async () => {
    let plain: Plain | undefined;
    const host = await startService(plainly((created) => (plain = created)), { environment: environment() });
    expect((await fetch(`${host.address}/healthz`)).status).toBe(200);
    const unready = await fetch(`${host.address}/readyz`);
    expect([unready.status, await unready.json()]).toEqual([503, { service: 'regime', ready: false, standsBy: false, missing: ['no state is read yet'], degraded: [] }]);
    const probe = async (): Promise<unknown[]> => {
      const answer = await fetch(`${host.address}/readyz`);
      return [answer.status, await answer.json()];
    };
    // A stand-by that is not done with taking over cannot do its work; one that waits for the lease alone may take another's place.
    plain!.waits = true;
    expect(await probe()).toEqual([503, { service: 'regime', ready: false, standsBy: true, missing: ['no state is read yet'], degraded: [] }]);
    plain!.missing = [];
    expect(await probe()).toEqual([200, { service: 'regime', ready: true, standsBy: true, missing: [], degraded: [] }]);
    expect(await (await fetch(`${host.address}/metrics`)).text()).toContain('parallax_service_stands_by{service="regime"} 1');
    plain!.waits = false;
    // What is amiss in the market takes no instance out of service.
    plain!.degraded = ['the book of okx BTC/USDT is not trusted: gap'];
    expect(await probe()).toEqual([200, { service: 'regime', ready: true, standsBy: false, missing: [], degraded: ['the book of okx BTC/USDT is not trusted: gap'] }]);
    expect(await (await fetch(`${host.address}/metrics`)).text()).toContain('parallax_service_degraded{service="regime"} 1');
    plain!.degraded = [];

    const metrics = await (await fetch(`${host.address}/metrics`)).text();
    expect(metrics).toContain('parallax_count_lease_lost{service="regime"} 2');
    expect(metrics).toContain('parallax_service_errors_total{service="regime"} 2');
    // Nothing was measured, so nothing says 0.
    expect(metrics).not.toMatch(/^parallax_(stage|service)_latency/m);
    expect(metrics).toMatch(/process_resident_memory_bytes\{service="regime"\} \d+/);

    const health = await requestJson(asker, subjects.control('regime', 'health'), undefined, { timeoutMs: 60_000 });
    expect(health).toMatchObject({ service: 'regime', ready: true, counters: { quotes: 7 } });

    // An error crosses the bus with its code and sentence.
    plain!.healthFault = new ParallaxError('STORE_FAILED', 'the journal is full');
    await expect(requestJson(asker, subjects.control('regime', 'health'), undefined, { timeoutMs: 60_000 })).rejects.toMatchObject({
      code: 'STORE_FAILED', message: 'the journal is full',
    });

    await host.stop();
    expect(plain!.steps).toEqual(['start', 'stop']);
    await expect(fetch(`${host.address}/healthz`)).rejects.toThrow();
    await expect(requestJson(asker, subjects.control('regime', 'health'), undefined, { timeoutMs: 60_000 })).rejects.toMatchObject({ code: 'BUS_NO_RESPONDER' });
  });

  test('a service that cannot start leaves nothing open behind', async () => {
    const failing = plainly((created) => (created.failAtStart = true));
    await expect(startService(failing, { environment: environment() })).rejects.toThrow('nothing works');
    await expect(requestJson(asker, subjects.control('regime', 'health'), undefined, { timeoutMs: 60_000 })).rejects.toMatchObject({ code: 'BUS_NO_RESPONDER' });
  });

  test('a wrong password is said with the variable that holds it', async () => {
    const wrong = environment({ NATS_REGIME_PASSWORD: 'guess' });
    await expect(startService(plainly(), { environment: wrong })).rejects.toThrow(/refuses user "regime".*NATS_REGIME_PASSWORD/);
    const none = environment({ NATS_REGIME_PASSWORD: '' });
    await expect(startService(plainly(), { environment: none })).rejects.toThrow(/no password was given.*NATS_REGIME_PASSWORD/);
  });
});
