import { expect, test } from '@jest/globals';
import { createMemoryBus, systemPorts } from '@parallax/bus';
import { publishInstruments } from '@parallax/runtime';
import { until } from '@parallax/testing';
import { RawKind } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { RawWriter, subjects, TOPOLOGY } from '@parallax/wire';
import { NormalisationService } from './normalisation-service.js';

test('tells what a venue refuses; a book of which nothing was heard is refused to who asks, and not missed', async () => {
  const { clock, timers, random } = systemPorts();
  const bus = await createMemoryBus(TOPOLOGY);
  const warnings: unknown[] = [];
  const log = { info: () => {}, warn: (message: string, fields?: Record<string, unknown>) => void warnings.push([message, fields]), error: () => {} };
  const definition = VENUES.get('okx')!;
  const ingestion = bus.as('ingestion');
  await publishInstruments(ingestion, definition.catalogue);
  const service = new NormalisationService({ bus: bus.as('normalisation'), clock, timers, random, instance: 'n1', log }, VENUES);
  await service.start();
  const writer = new RawWriter();
  const error = '{"event":"error","code":"60018","msg":"no such instrument","arg":{"channel":"books","instId":"BTC-USDT"}}';
  writer.write({ connection: 1, frame: 1, receivedAtUs: clock.nowUs(), epoch: 0, kind: RawKind.stream }, Buffer.from(error), (message) => {
    ingestion.publish(subjects.raw('okx', 1), message.slice());
  });
  await until(() => warnings.length > 0);
  expect(warnings).toEqual([
    ['the venue refuses what it was asked on a connection', { venue: 'okx', symbol: 'BTC/USDT', error: '60018 no such instrument' }],
  ]);
  expect(() => service.keyframe('okx', 'ETH/USDT')).toThrow('there is no book of ETH/USDT at okx here');
  expect(service.health()).toMatchObject({ ready: true, missing: [], degraded: ['no venue has sent a frame yet'] });
  expect(service.health().counters.venueErrors).toBe(1);
  await service.stop();
  await bus.drain();
});

test('a book that is not trusted takes normalisation out of nothing: it is told and counted', async () => {
  const { clock, timers, random } = systemPorts();
  const bus = await createMemoryBus(TOPOLOGY);
  const ingestion = bus.as('ingestion');
  await publishInstruments(ingestion, VENUES.get('okx')!.catalogue);
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const service = new NormalisationService({ bus: bus.as('normalisation'), clock, timers, random, instance: 'n1', log }, VENUES);
  await service.start();
  const writer = new RawWriter();
  let frame = 0;
  const tell = (product: string, action: string, ids: string): void => {
    const ladder = (from: number, step: number): string => JSON.stringify(Array.from({ length: 10 }, (_, i) => [String(from + i * step), '1', '0', '1']));
    const levels = `"bids":${ladder(2_000, -1)},"asks":${ladder(2_001, 1)}`;
    const text = `{"arg":{"channel":"books","instId":"${product}"},"action":"${action}","data":[{${levels},"ts":"${Math.floor(clock.nowUs() / 1_000)}",${ids}}]}`;
    writer.write({ connection: 1, frame: ++frame, receivedAtUs: clock.nowUs(), epoch: 0, kind: RawKind.stream }, Buffer.from(text), (message) => {
      ingestion.publish(subjects.raw('okx', 1), message.slice());
    });
  };
  tell('BTC-USDT', 'snapshot', '"seqId":10,"prevSeqId":-1');
  tell('ETH-USDT', 'snapshot', '"seqId":10,"prevSeqId":-1');
  tell('ETH-USDT', 'update', '"seqId":30,"prevSeqId":20');
  await until(() => service.health().degraded?.[0]?.includes('ETH/USDT'), () => JSON.stringify([service.health(), service.report()]));
  expect(service.health()).toMatchObject({
    ready: true, missing: [], degraded: ['the book of okx ETH/USDT is not trusted: gap'], counters: { books: 2, booksTrusted: 1 },
  });
  await service.stop();
  await bus.drain();
});
