import { Controller, Inject, Module, type DynamicModule } from '@nestjs/common';
import { expect, test } from '@jest/globals';
import { createMemoryBus, requestJson, type MemoryBus } from '@parallax/bus';
import { BUS, BusRequest } from '@parallax/bus/nest';
import { healthOf, SystemClock, SystemRandom, SystemTimers, type Service, type ServiceContext } from '@parallax/runtime';
import { until } from '@parallax/testing';
import { ParallaxError, type ServiceHealth, type SnapshotRequest } from '@parallax/types';
import { decodeJson, serviceHealthSchema, snapshotRequestSchema, subjects, TOPOLOGY } from '@parallax/wire';
import { CheckedBody, hostService, openProbes } from '../src/index.js';

const asked: SnapshotRequest[] = [];

@Controller()
class Answers {
  constructor(@Inject(BUS) private readonly bus: MemoryBus) {}

  @BusRequest(subjects.snapshot('okx'))
  snapshot(@CheckedBody(snapshotRequestSchema) request: SnapshotRequest): string {
    asked.push(request);
    if (request.symbol === 'A/B') throw new ParallaxError('INSTRUMENT_UNKNOWN', 'nobody watches A/B', { place: 'symbol' });
    if (request.symbol === 'C/D') throw new Error('the key is 1234');
    return `${request.symbol} over ${this.bus.transport}`;
  }
}

@Module({})
class AnswersModule {
  static of(): DynamicModule {
    return { module: AnswersModule, controllers: [Answers] };
  }
}

test('beside others in a process: the service answers from before its start until its end, and its log learns what was not granted', async () => {
  const root = await createMemoryBus(TOPOLOGY);
  const lines: string[] = [];
  const log: ServiceContext['log'] = {
    info: () => {},
    warn: (message, fields) => void lines.push(`warn ${message} ${String(fields?.code)}`),
    error: (message, fields) => void lines.push(`error ${message} ${String(fields?.error).split('\n')[0]}`),
  };
  const contextOf = (user: string): ServiceContext => ({
    bus: root.as(user), clock: new SystemClock(), timers: new SystemTimers(), random: new SystemRandom(), log, instance: 'test',
  });
  const steps: string[] = [];
  const serviceOf = (context: ServiceContext, name: Service['name'], start: () => Promise<void>): Service => ({
    name, start, stop: () => Promise.resolve(void steps.push(`${name} stops`)), health: () => healthOf(name, context, 1, []),
  });
  const monitoring = root.as('monitoring');
  const ask = (user: string, subject: string, body?: unknown): Promise<unknown> => requestJson(user === 'monitoring' ? monitoring : root.as(user), subject, body, { timeoutMs: 60_000 });

  const context = contextOf('ingestion');
  let started = (): void => {};
  const ingestion = serviceOf(context, 'ingestion', () => new Promise((resolve) => (started = resolve)));
  const hosting = hostService(ingestion, context, { module: AnswersModule.of() });
  const early = await until(() => ask('monitoring', subjects.control('ingestion', 'health')).catch(() => null), 'an answer before the start is over');
  expect(early).toMatchObject({ ready: false, missing: ['it is starting'] });
  started();
  const hosted = await hosting;
  const other = contextOf('regime');
  const beside = await hostService(serviceOf(other, 'regime', () => Promise.resolve()), other);
  expect(await ask('monitoring', subjects.control('ingestion', 'health'))).toMatchObject({ service: 'ingestion', ready: true });
  expect(await ask('monitoring', subjects.control('regime', 'health'))).toMatchObject({ service: 'regime', ready: true });

  const snapshot = (body: unknown): Promise<unknown> => ask('normalisation', subjects.snapshot('okx'), body);
  expect(await snapshot({ symbol: 'BTC/USDT', reason: 'gap' })).toBe('BTC/USDT over memory');
  await expect(snapshot({ symbol: 'BTC/USDT' })).rejects.toMatchObject({ code: 'INPUT_REFUSED', place: 'reason' });
  await expect(snapshot({ symbol: 'A/B', reason: 'gap' })).rejects.toMatchObject({ code: 'INSTRUMENT_UNKNOWN', place: 'symbol' });
  await expect(snapshot({ symbol: 'C/D', reason: 'gap' })).rejects.toMatchObject({ code: 'INTERNAL', message: expect.not.stringContaining('1234') });
  expect(asked.map(({ symbol }) => symbol)).toEqual(['BTC/USDT', 'A/B', 'C/D']);
  expect(lines).toEqual([
    'warn a request was declined INPUT_REFUSED', 'warn a request was declined INSTRUMENT_UNKNOWN', 'error a handler failed Error: the key is 1234',
  ]);

  const words: ServiceHealth[] = [];
  monitoring.subscribe(subjects.serviceHealth('ingestion'), ({ bytes }) => void words.push(decodeJson(serviceHealthSchema, bytes)));
  await hosted.stop();
  await until(() => words.length > 0);
  expect(words).toMatchObject([{ service: 'ingestion', instance: 'test', ready: false, ended: true }]);
  await expect(snapshot({ symbol: 'BTC/USDT', reason: 'gap' })).rejects.toMatchObject({ code: 'BUS_NO_RESPONDER' });
  expect(await ask('monitoring', subjects.control('regime', 'health'))).toMatchObject({ ready: true });
  await beside.stop();
  expect(steps).toEqual(['ingestion stops', 'regime stops']);
  await root.drain();
});

test('a service that is cut off from the bus is not ready, until it is joined again', async () => {
  const root = await createMemoryBus(TOPOLOGY);
  const bus = root.as('regime');
  let tell: Parameters<typeof bus.onStatus>[0] = () => {};
  const context: ServiceContext = {
    bus: new Proxy(bus, { get: (target, name) => (name === 'onStatus' ? (listener: typeof tell) => ((tell = listener), () => {}) : Reflect.get(target, name)) }),
    clock: new SystemClock(), timers: new SystemTimers(), random: new SystemRandom(), instance: 'test',
    log: { info: () => {}, warn: () => {}, error: () => {} },
  };
  const service: Service = { name: 'regime', start: async () => {}, stop: async () => {}, health: () => healthOf('regime', context, 1, []) };
  const shows = await hostService(service, context, { readyWhenCutOff: true });
  tell({ type: 'disconnected' });
  expect(shows.face.health()).toMatchObject({ ready: true, missing: [] });
  await shows.stop();
  const probes = await openProbes({ name: 'regime', services: ['regime'], environment: {}, log: context.log });
  const hosted = await hostService(service, context, { probes });
  const ready = async (): Promise<unknown> => {
    const reply = await fetch(`${probes.address}/readyz`);
    return [reply.status, ((await reply.json()) as ServiceHealth).missing];
  };
  expect(await ready()).toEqual([200, []]);
  tell({ type: 'disconnected' });
  tell({ type: 'reconnecting' });
  expect(await ready()).toEqual([503, ['the bus is not connected']]);
  tell({ type: 'connected' });
  expect(await ready()).toEqual([200, []]);
  await hosted.stop();
  await probes.close();
});
