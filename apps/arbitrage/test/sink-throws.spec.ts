import type { Bus } from '@parallax/bus';
import { overlay } from '@parallax/testing';
import { expect, test } from '@jest/globals';
import { Stand } from './stand.js';

const signal = 'signal.opportunity.';
const intent = 'exec.intent.';

/** The bus throws at the first append whose subject begins so. */
function throwing(beginning: string): (bus: Bus) => Bus {
  let thrown = false;
  return (bus) => overlay(bus, {
    streams: overlay(bus.streams, {
      append: (subject, ...rest) => {
        if (thrown || !subject.startsWith(beginning)) return bus.streams.append(subject, ...rest);
        thrown = true;
        throw new Error(`${subject} is not taken`);
      },
    }),
  });
}

test.each([[signal, 'onOpportunity'], [intent, 'onIntent']])('what throws as %s is stored is told, and arbitrage goes on with the next', async (beginning, place) => {
  const stand = await Stand.open(throwing(beginning));
  try {
    await stand.market('binance', 60_000, 60_001, true);
    await stand.market('okx', 60_000, 60_001, true);
    await stand.market('okx', 60_100);
    expect(stand.failed).toEqual([place]);
    await stand.market('okx', 60_000);
    await stand.pass(20);
    const before = (await stand.opportunities()).length;
    await stand.market('okx', 60_150);
    expect((await stand.opportunities()).length).toBe(before + 1);
    expect([stand.failed, stand.errors, stand.service.health().ready]).toEqual([[place], [], true]);
  } finally {
    await stand.close();
  }
});
