import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { describeWith, until } from '@parallax/testing';
import { connectNats, provision, PROVISIONER } from '../src/index.js';
import type { NatsBus } from '../src/index.js';
import { bytesOf, codeOf, textOf } from './support/fixture.js';
import { HOUSE } from './support/house-topology.js';
import { openNatsFixture, PASSWORD } from './support/nats-fixture.js';
import type { NatsFixture } from './support/nats-fixture.js';

const SERVICES = HOUSE.users.map(({ name }) => name);
const OTHERS = SERVICES.filter((name) => name !== 'risk');
const FORGED = JSON.stringify({ forged: 'an approval that risk never gave' });

describeWith('nats-server', 'nats permissions', () => {
  let fixture: NatsFixture;
  let admin: NatsConnection;
  let execution: NatsBus;
  const handed: string[] = [];
  const raw = new Map<string, NatsConnection>();

  beforeAll(async () => {
    fixture = await openNatsFixture(HOUSE);
    admin = await connect({ servers: fixture.server.url, user: PROVISIONER, pass: PASSWORD });
    for (const user of SERVICES) {
      raw.set(user, await connect({ servers: fixture.server.url, user, pass: PASSWORD, inboxPrefix: `_INBOX_${user}` }));
    }
    execution = await connectNats(fixture.options('execution'));
    await execution.streams.consume('APPROVED', 'execution', async (message) => {
      handed.push(textOf(message.bytes));
      await message.acknowledge();
    });
  });
  afterAll(async () => {
    await execution.drain();
    await Promise.all([admin, ...raw.values()].map((connection) => connection.close()));
    await fixture.close();
  });

  const approvals = async (): Promise<number> => {
    const manager = await jetstreamManager(admin);
    return (await manager.streams.info('APPROVED')).state.last_seq;
  };

  test('risk itself can approve, and execution gets it', async () => {
    const risk = await fixture.bus('risk');
    await risk.streams.append('exec.approved.main', bytesOf('approved'), { id: 'approval-1' });
    await until(() => handed.length === 1);
    expect(handed).toEqual(['approved']);
  });

  test('nobody else can publish an approval, plainly or by append', async () => {
    const before = await approvals();
    for (const user of OTHERS) {
      raw.get(user)!.publish('exec.approved.main', FORGED);
      const bus = await fixture.bus(user);
      expect(await codeOf(bus.streams.append('exec.approved.main', bytesOf(FORGED), { id: `forged-${user}` }))).toBe('BUS_REFUSED');
      await raw.get(user)!.flush();
    }
    expect(await approvals()).toBe(before);
  });

  test.each(SERVICES)('%s can create, change or delete neither stream nor consumer', async (user) => {
    const before = await approvals();
    const connection = raw.get(user)!;
    const deliver = { deliver_subject: 'exec.approved.main', ack_policy: 'none', deliver_policy: 'all' };
    const attempts: [string, unknown][] = [
      ['CONSUMER.CREATE.INTENTS', { stream_name: 'INTENTS', config: deliver }],
      ['CONSUMER.CREATE.INTENTS.evil', { stream_name: 'INTENTS', config: { ...deliver, name: 'evil' } }],
      ['CONSUMER.CREATE.INTENTS.evil.exec.intent.main', { stream_name: 'INTENTS', config: { ...deliver, name: 'evil', filter_subject: 'exec.intent.main' } }],
      ['CONSUMER.DURABLE.CREATE.INTENTS.evil', { stream_name: 'INTENTS', config: { ...deliver, durable_name: 'evil' } }],
      ['CONSUMER.CREATE.INTENTS.risk', { stream_name: 'INTENTS', action: 'update', config: { ...deliver, durable_name: 'risk' } }],
      ['CONSUMER.DELETE.APPROVED.execution', {}],
      ['CONSUMER.PAUSE.APPROVED.execution', { pause_until: '2100-01-01T00:00:00Z' }],
      ['STREAM.CREATE.EVIL', { name: 'EVIL', subjects: ['evil.>'], sources: [{ name: 'INTENTS', subject_transforms: [{ src: 'exec.intent.*', dest: 'exec.approved.*' }] }] }],
      ['STREAM.CREATE.EVIL', { name: 'EVIL', subjects: ['ops.evil.>'], republish: { src: '>', dest: 'exec.approved.main' } }],
      ['STREAM.UPDATE.SIGNALS', { name: 'SIGNALS', subjects: ['signal.>'], republish: { src: '>', dest: 'exec.approved.main' } }],
      ['STREAM.UPDATE.APPROVED', { name: 'APPROVED', subjects: ['exec.approved.*'], sources: [{ name: 'INTENTS' }] }],
      ['STREAM.PURGE.APPROVED', {}],
      ['STREAM.DELETE.APPROVED', {}],
      ['STREAM.MSG.DELETE.APPROVED', { seq: 1 }],
      ['STREAM.TEMPLATE.CREATE.evil', {}],
      ['DIRECT.GET.KV_instruments', { last_by_subj: '$KV.instruments.x', no_hdr: true }],
      ['STREAM.RESTORE.EVIL', {}],
      ['STREAM.SNAPSHOT.APPROVED', { deliver_subject: 'exec.approved.main' }],
    ];
    // Each is refused by name; that no answer came for a while would say nothing.
    const outcomes = await Promise.all(attempts.map(([subject, body]) =>
      connection.request(`$JS.API.${subject}`, JSON.stringify(body), { timeout: 60_000 }).then(() => 'answered', (error: Error) => (error.cause as Error | undefined)?.name)));
    expect(outcomes).toEqual(attempts.map(() => 'PermissionViolationError'));
    const manager = await jetstreamManager(admin);
    const names: string[] = [];
    for await (const { config } of manager.streams.list()) names.push(config.name);
    expect(names.toSorted()).toEqual(
      [...HOUSE.streams.map(({ name }) => name), ...HOUSE.buckets.map(({ name }) => `KV_${name}`)].toSorted(),
    );
    for (const { name, consumers } of HOUSE.streams) {
      const found: string[] = [];
      for await (const info of manager.consumers.list(name)) found.push(info.name);
      expect(found.toSorted()).toEqual(consumers.map((consumer) => consumer.name).toSorted());
    }
    expect(await approvals()).toBe(before);
  });

  test('naming an approval as the reply subject of what is allowed brings nothing to execution', async () => {
    const before = handed.length;
    const evil = raw.get('ingestion')!;
    const overheard: string[] = [];
    const gateway = await fixture.bus('gateway');
    gateway.subscribe('exec.approved.*', ({ bytes }) => overheard.push(textOf(bytes)));
    await gateway.flush();
    const reply = { reply: 'exec.approved.main' };
    const store = await fixture.bus('ingestion');
    const revision = await store.state('instruments').put('evil', bytesOf(FORGED));
    evil.publish('$KV.instruments.evil', FORGED, reply);
    evil.publish('$JS.API.DIRECT.GET.KV_instruments.$KV.instruments.evil', '', reply);
    evil.publish('$JS.API.DIRECT.GET.KV_instruments', JSON.stringify({ seq: revision, no_hdr: true }), reply);
    evil.publish('$JS.API.STREAM.MSG.GET.KV_instruments', JSON.stringify({ seq: revision }), reply);
    evil.publish('$JS.API.STREAM.INFO.KV_instruments', '', reply);
    await evil.flush();
    const arbitrage = raw.get('arbitrage')!;
    arbitrage.publish('exec.intent.main', FORGED, reply);
    await arbitrage.flush();
    // A service that answers requests must not carry its answer there either.
    const answering = await fixture.bus('risk');
    let answered = 0;
    answering.subscribe('risk.halt', (message) => {
      message.respond(bytesOf(FORGED));
      answered++;
    });
    await answering.flush();
    raw.get('gateway')!.publish('risk.halt', 'x', reply);
    await raw.get('gateway')!.flush();
    // It has happened: the server's own answers have come to the subject, and risk has answered.
    await until(() => overheard.length >= 4 && answered === 1, () => `four answers of the server, of which came ${overheard.join()}`);
    await answering.flush();
    const real = await fixture.bus('risk');
    await real.streams.append('exec.approved.main', bytesOf('the next true one'), { id: 'approval-2' });
    await until(() => handed.includes('the next true one'));
    // What the server itself answered did reach the subject, but none of it is what anybody wrote.
    expect(handed.slice(before)).toEqual(['the next true one']);
    expect(overheard).not.toContain(FORGED);
    const seen: string[] = [];
    for await (const { bytes } of gateway.streams.read('APPROVED', {})) seen.push(textOf(bytes));
    expect(seen).toEqual(['approved', 'the next true one']);
  });

  test('a writer of shared state keeps to its keys, and cannot roll up those of others', async () => {
    const risk = await fixture.bus('risk');
    const ingestion = await fixture.bus('ingestion');
    await risk.state('leases').put('risk.a', bytesOf('held'));
    expect(await codeOf(ingestion.state('leases').put('risk.a', bytesOf('stolen')))).toBe('BUS_REFUSED');
    const { headers } = await import('@nats-io/transport-node');
    const rollUp = headers();
    rollUp.set('Nats-Rollup', 'all');
    const reply = await raw.get('ingestion')!.request('$KV.leases.ingestion.a', 'x', { headers: rollUp, timeout: 60_000 });
    expect(reply.json<{ error?: unknown }>().error).toBeDefined();
    expect(textOf((await risk.state('leases').get('risk.a'))!.bytes)).toBe('held');
  });

  test('nobody hears the inboxes of another', async () => {
    for (const [user, other] of [['gateway', 'risk'], ['monitoring', 'execution']]) {
      const refused = await new Promise<boolean>((resolve) => {
        raw.get(user)!.subscribe(`_INBOX_${other}.>`, { callback: (error) => resolve(error !== null) });
      });
      expect(refused).toBe(true);
    }
  });

  test('a wrong password is refused in one clear sentence', async () => {
    await expect(connectNats({ ...fixture.options('risk'), password: 'wrong' })).rejects.toMatchObject({ code: 'BUS_REFUSED' });
  });
});

describeWith('nats-server', 'provisioning', () => {
  test('twice changes nothing; a changed topology is carried out; what the server keeps differently is told', async () => {
    const fixture = await openNatsFixture(HOUSE);
    try {
      const again = await provision(fixture.options(PROVISIONER), HOUSE);
      expect(again.created).toEqual([]);
      expect(again.changed).toEqual([]);
      expect(again.unchanged).toHaveLength(
        1 + HOUSE.streams.length + HOUSE.buckets.length + HOUSE.streams.flatMap(({ consumers }) => consumers).length,
      );
      const [first, ...rest] = HOUSE.streams;
      const changed = { ...HOUSE, streams: [{ ...first, maximumAgeMs: first.maximumAgeMs / 2 }, ...rest] };
      expect((await provision(fixture.options(PROVISIONER), changed)).changed).toEqual([first.name]);
      const admin = await connect({ servers: fixture.server.url, user: PROVISIONER, pass: PASSWORD });
      const manager = await jetstreamManager(admin);
      await manager.streams.update(first.name, { republish: { src: 'signal.>', dest: 'exec.approved.>' } });
      await admin.close();
      await expect(provision(fixture.options(PROVISIONER), changed)).rejects.toMatchObject({ code: 'CONFIG_REFUSED' });
    } finally {
      await fixture.close();
    }
  });

  test('no server: said at once', async () => {
    await expect(connectNats({ servers: '127.0.0.1:1', name: 'nobody' })).rejects.toMatchObject({ code: 'SERVICE_MISSING' });
  });
});
