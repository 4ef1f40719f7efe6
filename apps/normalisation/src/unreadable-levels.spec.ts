import { expect, test } from '@jest/globals';
import { createMemoryBus } from '@parallax/bus';
import { publishInstruments, type ServiceContext } from '@parallax/runtime';
import { until } from '@parallax/testing';
import { RawKind } from '@parallax/types';
import { coinbase, VENUES } from '@parallax/venues';
import { RawWriter, subjects, TOPOLOGY } from '@parallax/wire';
import { NormalisationService } from './normalisation-service.js';

const START_US = 1_786_309_548_200_000;
const JOKE = '99999997.00000001';

test('a book whose best is unreadable is not trusted, and no snapshot is asked for: another would hold the same level', async () => {
  let nowUs = START_US;
  const due: { atUs: number; callback: () => void }[] = [];
  /** Time goes on by a second in steps of 50 ms, with what is due. */
  const second = (): void => {
    for (const endUs = nowUs + 1_000_000; nowUs < endUs; nowUs += 50_000) {
      for (const entry of due.filter(({ atUs }) => atUs <= nowUs)) {
        due.splice(due.indexOf(entry), 1);
        entry.callback();
      }
    }
  };
  const bus = await createMemoryBus(TOPOLOGY);
  const context: ServiceContext = {
    bus: bus.as('normalisation'), clock: { nowUs: () => nowUs }, random: { next: () => 0, id: () => '0' }, instance: 'test',
    timers: {
      after(delayMs, callback) {
        const entry = { atUs: nowUs + delayMs * 1_000, callback };
        due.push(entry);
        return () => void (due.includes(entry) && due.splice(due.indexOf(entry), 1));
      },
    },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  };
  await publishInstruments(bus, [coinbase.catalogue.find(({ symbol }) => symbol === 'BTC/USD')!]);
  const service = new NormalisationService(context, VENUES);
  await service.start();
  const writer = new RawWriter();
  let frame = 0;
  const tell = async (type: string, levels: readonly (readonly [side: string, price: string, size: string])[]): Promise<void> => {
    const updates = levels.map(([side, price, size]) =>
      `{"side":"${side}","event_time":"2026-08-09T21:05:48.17Z","price_level":"${price}","new_quantity":"${size}"}`);
    const text = `{"channel":"l2_data","timestamp":"2026-08-09T21:05:48.228Z","sequence_num":${frame++},"events":[{"type":"${type}","product_id":"BTC-USD","updates":[${updates.join(',')}]}]}`;
    writer.write({ connection: 1, frame, receivedAtUs: nowUs, epoch: 0, kind: RawKind.stream }, Buffer.from(text), (bytes) => bus.publish(subjects.raw('coinbase', 1), bytes));
    await until(() => service.health().counters.frames >= frame);
  };
  const told = (): unknown[] => {
    const [{ trust, cause }] = service.report().symbols;
    return [trust, cause, service.health().counters.snapshotRequests];
  };

  await tell('update', [['bid', '99.00', '1']]);
  second();
  expect(told().slice(0, 2)).toEqual(['resyncing', 'snapshot missing']);
  await tell('snapshot', [['bid', '99.00', '1'], ['offer', '101.00', JOKE], ['offer', '102.00', '1']]);
  const { snapshotRequests } = service.health().counters;
  expect(snapshotRequests).toBeGreaterThan(0);
  for (let i = 0; i < 90; i++) {
    second();
    await tell('update', [['bid', '98.00', String(i + 1)]]);
  }
  expect(told()).toEqual(['suspect', 'level unreadable', snapshotRequests]);
  expect(service.health().degraded).toEqual(['the book of coinbase BTC/USD is not trusted: level unreadable']);
  await tell('update', [['offer', '101.00', '0']]);
  expect(told()).toEqual(['synced', 'resumed', snapshotRequests]);
  expect(service.health().degraded).toBeUndefined();
  await service.stop();
  await bus.drain();
});
