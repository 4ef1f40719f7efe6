import { expect, test } from '@jest/globals';
import { createMemoryBus, systemPorts } from '@parallax/bus';
import { publishInstruments } from '@parallax/runtime';
import { until } from '@parallax/testing';
import { RawKind, type SnapshotRequest } from '@parallax/types';
import { binanceusdm, VENUES } from '@parallax/venues';
import { decodeJson, encodeJson, RawWriter, snapshotRequestSchema, subjects, TOPOLOGY } from '@parallax/wire';
import { NormalisationService } from './normalisation-service.js';

type Level = readonly [price: string, size: string];

test('a book that nears the end of its snapshot asks for another and says why; it is trusted meanwhile', async () => {
  const { clock, timers, random } = systemPorts();
  const bus = await createMemoryBus(TOPOLOGY);
  const ingestion = bus.as('ingestion');
  const asked: SnapshotRequest[] = [];
  ingestion.subscribe(subjects.snapshot('binanceusdm'), (message) => {
    asked.push(decodeJson(snapshotRequestSchema, message.bytes));
    message.respond(encodeJson({ data: null }));
  });
  await publishInstruments(ingestion, [binanceusdm.catalogue.find(({ symbol }) => symbol === 'BTC/USDT:USDT')!]);
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const service = new NormalisationService({ bus: bus.as('normalisation'), clock, timers, random, instance: 'n1', log }, VENUES);
  await service.start();
  const writer = new RawWriter();
  let frame = 0;
  const tell = (kind: number, text: string, symbol?: string): void =>
    writer.write({ connection: 1, frame: ++frame, receivedAtUs: clock.nowUs(), epoch: 0, kind }, Buffer.from(text), (bytes) =>
      ingestion.publish(subjects.raw('binanceusdm', 1), bytes.slice(), symbol === undefined ? {} : { symbol }));
  const levels = (all: readonly Level[]): string => JSON.stringify(all);
  const update = (id: number, bids: readonly Level[]): void => {
    const atMs = Math.floor(clock.nowUs() / 1_000);
    tell(RawKind.stream, `{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":${atMs},"T":${atMs},"s":"BTCUSDT","U":${id},"u":${id},"pu":${id - 1},"b":${levels(bids)},"a":[]}}`);
  };
  const ladder = (from: number, step: number): Level[] => Array.from({ length: 100 }, (_, i): Level => [(from + i * step).toFixed(1), '1']);
  const reasons = (): string[] => asked.map(({ symbol, reason }) => `${symbol}: ${reason}`);

  update(101, []);
  await until(() => asked.length === 1);
  tell(RawKind.snapshot, `{"lastUpdateId":101,"E":0,"T":0,"bids":${levels(ladder(60_000, -0.1))},"asks":${levels(ladder(60_000.1, 0.1))}}`, 'BTC/USDT:USDT');
  await until(() => service.report().symbols[0]?.trust === 'synced');
  update(102, ladder(60_000, -0.1).slice(0, 60).map(([price]): Level => [price, '0']));
  await until(() => asked.length > 1);
  expect(reasons()).toEqual(['BTC/USDT:USDT: snapshot missing', 'BTC/USDT:USDT: beyond snapshot']);
  expect(service.report().symbols[0]).toMatchObject({ trust: 'synced', cause: 'snapshot applied', bid: { price: '59994.00' } });
  await service.stop();
  await bus.drain();
});
