import { describe, expect, test } from '@jest/globals';
import { decodeReply, natsConfiguration, passwordVariable, provision, PROVISIONER, requestJson, type Bus } from '@parallax/bus';
import { askKeyframe } from '@parallax/runtime';
import { ProcessTracing } from '@parallax/telemetry';
import { describeWith, startNatsServer, until } from '@parallax/testing';
import { BookChange, RowKind, type HaltReply, type ParallaxError, type ServiceHealth } from '@parallax/types';
import { BUCKETS, decodeJson, haltRecordSchema, RowReader, STREAMS, subjects, TOPOLOGY, type LimitsReply } from '@parallax/wire';
import { memoryBuses, natsBuses, type Buses } from '../src/compose/buses.js';
import { SYMBOL } from './support/scripted-market.js';
import { TracedSystem } from './support/traced-system.js';

/** Every request is answered: what is not, fails by its code. */
const WITHIN = { timeoutMs: 60_000 };
const ACCOUNT = 'paper';
const ADA = { who: 'ada', why: 'a drill' };
const SERVICES = ['normalisation', 'regime', 'paper', 'risk', 'execution', 'arbitrage', 'ingestion'];
/** Each is refused with this code at this place; text goes out as it stands. */
const MALFORMED: readonly (readonly [user: 'gateway' | 'normalisation', subject: string, body: unknown, code: string, place?: string])[] = [
  ['gateway', subjects.halt(), '{"who":', 'INPUT_REFUSED', 'risk.halt'],
  ['gateway', subjects.halt(), '', 'INPUT_REFUSED', '$'],
  ['gateway', subjects.halt(), Uint8Array.of(0x22, 0xff, 0x22), 'INPUT_REFUSED', 'risk.halt'],
  ['gateway', subjects.halt(), { who: 'ada' }, 'INPUT_REFUSED', 'why'],
  ['gateway', subjects.halt(), { ...ADA, acount: ACCOUNT }, 'INPUT_REFUSED', 'acount'],
  ['gateway', subjects.resume(), [ADA], 'INPUT_REFUSED', '$'],
  ['gateway', subjects.resume(), { ...ADA, who: 7 }, 'INPUT_REFUSED', 'who'],
  ['gateway', subjects.resume(), ADA, 'INPUT_REFUSED', 'account'],
  ['gateway', subjects.limits(), { ...ADA, account: ACCOUNT, limits: {} }, 'INPUT_REFUSED', 'limits'],
  ['gateway', subjects.limits(), { ...ADA, account: ACCOUNT, limits: 5 }, 'INPUT_REFUSED', 'limits'],
  ['gateway', subjects.limits(), { ...ADA, account: ACCOUNT, limits: { maxOrderNotional: '-5' } }, 'INPUT_REFUSED', 'maxOrderNotional'],
  ['gateway', subjects.keyframe('okx'), { reason: 'no symbol' }, 'INPUT_REFUSED', 'symbol'],
  ['gateway', subjects.keyframe('okx'), { symbol: 'A/B', reason: 'unknown' }, 'INSTRUMENT_UNKNOWN', 'symbol'],
  ['normalisation', subjects.snapshot('okx'), 'null', 'INPUT_REFUSED', '$'],
  ['normalisation', subjects.snapshot('okx'), { symbol: 5, reason: 'a number' }, 'INPUT_REFUSED', 'symbol'],
  ['normalisation', subjects.snapshot('okx'), { symbol: 'A/B', reason: 'unknown' }, 'INSTRUMENT_UNKNOWN', 'symbol'],
  ['normalisation', subjects.snapshot('kraken'), { symbol: SYMBOL, reason: 'carried by nobody' }, 'BUS_NO_RESPONDER'],
];

/** What came back instead of an answer. */
function refusal(bus: Bus, subject: string, body: unknown): Promise<ParallaxError> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return bus.request(subject, body instanceof Uint8Array ? body : new TextEncoder().encode(text), WITHIN).then(({ bytes }) => decodeReply(bytes)).then(
    (answer) => {
      throw new Error(`${subject} granted ${text}: ${JSON.stringify(answer)}`);
    },
    (error: unknown) => error as ParallaxError,
  );
}

async function everyRequestIsAnswered(buses: Buses): Promise<void> {
  const system = await TracedSystem.open(buses, new ProcessTracing({ instance: 'test', directory: null }));
  try {
    await askAll(system, buses);
  } finally {
    await system.stop();
    await buses.drain();
  }
}

async function askAll(system: TracedSystem, buses: Buses): Promise<void> {
  await system.ready();
  const users = { gateway: await buses.as('gateway'), normalisation: await buses.as('normalisation') };
  const { gateway, normalisation } = users;
  const granted = <Answer>(subject: string, body?: object): Promise<Answer> => requestJson(gateway, subject, body, WITHIN) as Promise<Answer>;

  // Each service answers for itself.
  for (const name of SERVICES) expect(await granted<ServiceHealth>(subjects.control(name, 'health'))).toMatchObject({ service: name, ready: true });

  // Halt, resume and limits are risk's: what is answered is what stands.
  const standing = async (): Promise<unknown> => decodeJson(haltRecordSchema, (await gateway.state(BUCKETS.halt).get('halt'))!.bytes!);
  const { record } = await granted<HaltReply>(subjects.halt(), ADA);
  expect(record).toMatchObject({ halted: true, by: 'ada', reason: 'a drill' });
  expect(await standing()).toEqual(record);
  expect((await granted<HaltReply>(subjects.resume(), ADA)).record).toMatchObject({ halted: false });
  expect(await standing()).toMatchObject({ halted: false });
  const { limits } = await granted<LimitsReply>(subjects.limits(), { ...ADA, account: ACCOUNT, limits: { cooldownUs: 0 } });
  expect(limits).toMatchObject({ cooldownUs: 0, maxOrderNotional: expect.any(String) });

  // A snapshot that normalisation asks for comes as a frame; a keyframe is the book itself.
  const [normaliser] = system.services as [TracedSystem['services'][number] & { report(): { frames: number } }];
  const { frames } = normaliser.report();
  await requestJson(normalisation, subjects.snapshot('okx'), { symbol: SYMBOL, reason: 'a drill' }, WITHIN);
  await until(() => normaliser.report().frames > frames);
  const bytes = await askKeyframe(gateway, 'okx', { symbol: SYMBOL, reason: 'a drill' }, WITHIN.timeoutMs);
  expect(new RowReader().read(bytes, RowKind.book)[BookChange.keyframe]).toBe(1);

  // What is malformed is refused with its place, and nothing was done or stopped by it.
  const before = await standing();
  for (const [user, subject, body, code, place] of MALFORMED) {
    const error = await refusal(users[user], subject, body);
    expect([subject, body, error.code, error.place]).toEqual([subject, body, code, place]);
    expect(error.message.length).toBeGreaterThan(5);
  }
  expect(await standing()).toEqual(before);
  expect(system.problems.filter((line) => line.startsWith('a request failed'))).toEqual([]);
  expect((await granted<LimitsReply>(subjects.limits(), { ...ADA, account: ACCOUNT, limits: { cooldownUs: 0 } })).limits).toEqual(limits);
  await system.ready();
  system.market.update('okx', { bid: 60_100, ask: 60_102 });
  await until(async () => {
    system.move();
    for await (const _ of gateway.streams.read(STREAMS.fills, {})) return true;
    return false;
  }, () => `a fill: ${system.told()}`);
}

describe('in one process', () => {
  test('halt, resume, limits, snapshots, keyframes and health are answered, and what is malformed is refused', async () => {
    await everyRequestIsAnswered(await memoryBuses());
  });
});

describeWith('nats-server', 'over a real server, each service as its own user', () => {
  test('the same requests get the same answers', async () => {
    const passwords = Object.fromEntries([PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)].map((user) => [passwordVariable(user), `of-${user}`]));
    const server = await startNatsServer({ config: (port, storeDirectory) => natsConfiguration(TOPOLOGY, { port, storeDirectory }), environment: passwords });
    try {
      await provision({ servers: server.url, user: PROVISIONER, password: passwords[passwordVariable(PROVISIONER)], name: 'test' }, TOPOLOGY);
      await everyRequestIsAnswered(natsBuses(server.url, 'test', passwords));
    } finally {
      await server.stop();
    }
  });
});
