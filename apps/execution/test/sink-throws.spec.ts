import { expect, test } from '@jest/globals';
import { overlay, until } from '@parallax/testing';
import type { Tracing, VenueDoor } from '@parallax/types';
import { STREAMS } from '@parallax/wire';
import { Stand } from './stand.js';

const PARENT = '00-00000000000000000000000000000001-0000000000000001-01';

/** Counts calls, and throws at one of them. */
class Thrower {
  calls = 0;

  constructor(private readonly at: number) {}

  call(): void {
    if (++this.calls === this.at) throw new Error(`call ${this.calls}`);
  }
}

/** Two plans, the first without an exit; what is traced, sent to a venue or told on the bus throws at its `at`-th call. */
async function play(kind: 'trace' | 'door before' | 'door after' | 'bus', at: number) {
  const stand = await Stand.open();
  const thrower = new Thrower(at);
  const failed: string[] = [];
  const throwing = (where: typeof kind): void => {
    if (where === kind) thrower.call();
  };
  const tracing = { contextOfStep: () => (throwing('trace'), PARENT), step: () => throwing('trace') } as unknown as Tracing;
  for (const venue of [stand.binance, stand.okx]) {
    const door = venue.door();
    const place: VenueDoor['place'] = (request) => {
      throwing('door before');
      const answer = door.place(request);
      throwing('door after');
      return answer;
    };
    venue.door = () => overlay(door, { place });
  }
  const watch = { counters: {}, failed: (_error: unknown, place: string) => void failed.push(place), troubles: () => [] };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const service = stand.service('one', {}, {
    log, watch, tracing,
    around: (bus) => overlay(bus, { publish: (subject, bytes, options) => (throwing('bus'), bus.publish(subject, bytes, options)) }),
  });
  try {
    await service.start();
    await until(() => service.health().ready);
    for (const id of ['a', 'b']) await stand.approve(id);
    await until(async () => (await stand.read(STREAMS.results)).length === 2);
    return { calls: thrower.calls, failed, placed: stand.placed, fills: await stand.read(STREAMS.fills), results: await stand.read(STREAMS.results), ready: service.health().ready };
  } finally {
    await stand.close();
  }
}

test.each(['trace', 'door before', 'door after', 'bus'] as const)('whatever call of %s throws, each order is at its venue once, each fill is stored once, and it is told', async (kind) => {
  const { calls } = await play(kind, 0);
  expect(calls).toBeGreaterThan(3);
  const played = await Promise.all(Array.from({ length: Math.min(calls, 24) }, (_, index) => play(kind, index + 1)));
  for (const { failed, placed, fills, results, ready } of played) {
    expect([placed.length, new Set(placed).size]).toEqual([4, 4]);
    expect(new Set(fills.map(({ id }) => id)).size).toBe(4);
    expect(fills).toHaveLength(4);
    expect(results.map(({ outcome }) => outcome)).toEqual(['completed', 'completed']);
    expect([failed.length > 0, ready]).toEqual([true, true]);
  }
});
