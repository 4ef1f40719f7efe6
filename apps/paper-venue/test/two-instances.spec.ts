import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createMemoryBus, type Bus, type MemoryBus } from '@parallax/bus';
import { publishInstruments } from '@parallax/runtime';
import { overlay, until } from '@parallax/testing';
import type { PlaceOutcome } from '@parallax/types';
import { BUCKETS, subjects, TOPOLOGY } from '@parallax/wire';
import { fileJournals, type JournalOpener, type PaperVenueService } from '../src/index.js';
import { bookRow, contextOf, paperVenues, rowBytes, specificationOf, VENUE, VenueClient } from './paper-stand.js';

let folder: string;
let bus: MemoryBus;
let client: VenueClient;
let services: PaperVenueService[];
let books = 0;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parallax-instances-'));
  bus = await createMemoryBus(TOPOLOGY);
  services = [];
  await publishInstruments(bus, [VENUE, 'kraken'].map((venue) => specificationOf('BTC/USDT', venue)));
  client = await VenueClient.open(bus.as('execution'));
});
afterEach(async () => {
  await Promise.all(services.map((service) => service.stop()));
  await bus.drain();
  rmSync(folder, { recursive: true, force: true });
});

type Options = NonNullable<Parameters<typeof paperVenues>[1]>;
async function start(instance: string, options: Options = {}, around: (inner: Bus) => Bus = (inner) => inner): Promise<PaperVenueService> {
  const context = contextOf(around(bus.as('paper')), { instance });
  const service = paperVenues(context, { latencyUs: 0, ...options });
  services.push(service);
  await service.start();
  return service;
}
const journalsIn = (name: string): ((venue: string) => JournalOpener) => {
  const context = contextOf(bus);
  return (venue) => fileJournals({ path: join(folder, name, `${venue}.journal`), venue }, context);
};
/** A market whose sizes never come again. */
function tellBooks(): void {
  books++;
  for (const venue of [VENUE, 'kraken']) bus.publish(subjects.market('book', specificationOf('BTC/USDT', venue)), rowBytes(bookRow(books, null, [1000, 1_000 + books])));
}
/** The order as the venue takes it, once it knows the market and may act. */
const taken = (clientId: string, venue = VENUE): Promise<PlaceOutcome & { kind: 'accepted' }> => until(async () => {
  tellBooks();
  const outcome = await client.place({ clientId, venue }, 1_000).catch(() => null);
  return outcome?.kind === 'accepted' && outcome;
}, `${clientId} is taken by ${venue}: ${JSON.stringify(services.map((service) => service.health()))}`);

test('of two that share a journal one is the venue; the other stands by, and goes on where the first ended', async () => {
  const options = { openJournal: journalsIn('shared') };
  const first = await start('first', options);
  await until(() => first.health().ready);
  const second = await start('second', options);
  expect(second.health()).toMatchObject({ ready: false, standsBy: true, missing: [] });
  expect(second.health().troubles).toBeUndefined();
  const before = await taken('a');
  expect([first, second].map((service) => service.health().counters.requests > 0)).toEqual([true, false]);
  await services.shift()!.stop();
  await until(() => second.health().ready);
  expect(second.health().standsBy).toBeUndefined();
  expect(await client.order('a')).toEqual({ kind: 'found', order: before.order });
  expect((await taken('b')).order).toMatchObject({ venueOrderId: `${VENUE}-paper-1`, fills: [{ tradeId: `${VENUE}-paper-trade-2` }] });
});

test('while its lease cannot be renewed an instance takes nothing and knows nothing', async () => {
  const faults = { leases: false };
  const service = await start('one', { openJournal: journalsIn('own') }, (inner) => withFaults(inner, faults));
  await taken('a');
  faults.leases = true;
  const answers = await until(async () => {
    const outcome = await client.place({ clientId: 'b', timeInForce: 'GTC', price: '1.0' });
    return outcome.kind === 'unknown' && [outcome, await client.order('a'), await client.call({ call: 'openOrders', account: 'main', after: null })];
  });
  const unknown = { kind: 'unknown', detail: 'the lease of the venue is in doubt' };
  expect(answers).toEqual([unknown, unknown, unknown]);
  expect(service.health()).toMatchObject({ ready: false, missing: [`the lease of paper.${VENUE} cannot be renewed: no leader`] });
  faults.leases = false;
  await taken('c');
  expect((await client.order('a')).kind).toBe('found');
});

test('an instance without the journal that a venue’s orders are in does not become that venue, and says what to do', async () => {
  const first = await start('first', { openJournal: journalsIn('one') });
  await taken('a');
  const name = JSON.parse(readFileSync(join(folder, 'one', `${VENUE}.journal`), 'utf8').split(' ')[2].split('\n')[0]) as { journal: string };
  await services.shift()!.stop();
  expect(first.health().counters.venuesHeld).toBe(0);

  const second = await start('second', { openJournal: journalsIn('two') });
  await until(() => second.health().troubles !== undefined);
  const { ready, standsBy, troubles } = second.health();
  expect([ready, standsBy]).toEqual([false, undefined]);
  expect(troubles).toMatchObject([{ key: `journal.${VENUE}`, severity: 'critical' }]);
  expect(troubles![0].summary).toMatch(new RegExp(`the orders of ${VENUE} are in the journal ${name.journal} \\(.*one/${VENUE}.journal, last held by first\\).*PAPER_LOST_JOURNALS`));
  await expect(client.order('a', 1_000)).rejects.toMatchObject({ code: 'BUS_NO_RESPONDER' });
  await services.shift()!.stop();

  // Given up by name, its place goes to another; whose journal is then the one.
  await start('third', { openJournal: journalsIn('two'), lostJournals: [name.journal] });
  await taken('b');
  await services.shift()!.stop();
  const fourth = await start('fourth', { openJournal: journalsIn('one') });
  await until(() => fourth.health().troubles !== undefined);
});

test('a damaged journal stops its own venue alone, and the venue comes back with the file', async () => {
  const options = { venues: [VENUE, 'kraken'], openJournal: journalsIn('own') };
  await start('first', options);
  await taken('a');
  await taken('k', 'kraken');
  await services.shift()!.stop();
  const path = join(folder, 'own', `${VENUE}.journal`);
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, whole.split('\n').toSpliced(1, 1).join('\n'));
  const service = await start('second', options);
  await taken('k2', 'kraken');
  const health = await until(() => service.health().troubles && service.health());
  expect(health).toMatchObject({ ready: false, counters: { venuesHeld: 1 }, troubles: [{ key: `journal.${VENUE}` }] });
  expect(health.missing).toEqual([expect.stringMatching(new RegExp(`no orders are taken at ${VENUE}: the journal .*${VENUE}.journal cannot be read: line 2 of the journal`))]);
  writeFileSync(path, whole);
  expect((await taken('b')).order.venueOrderId).toBe(`${VENUE}-paper-1`);
  await until(() => service.health().ready);
  expect(service.health()).toMatchObject({ missing: [], counters: { venuesHeld: 2 } });
});

test.each(['after it ended in order', 'while it works'])('lines that were there are missed, the last ones too: %s', async (when) => {
  const options = { openJournal: journalsIn('own') };
  const path = join(folder, 'own', `${VENUE}.journal`);
  await start('first', options);
  await taken('a');
  const earlier = readFileSync(path, 'utf8');
  await taken('b');
  // At the latest a second later it is known how far the journal goes.
  const written = readFileSync(path, 'utf8').split('\n').length - 1;
  if (when === 'while it works') {
    await until(async () => (JSON.parse(Buffer.from((await bus.state(BUCKETS.leases).get(`paper.${VENUE}.journal`))!.bytes!).toString()) as { lines: number }).lines === written);
  }
  await services.shift()!.stop();
  writeFileSync(path, earlier);
  const second = await start('second', options);
  const health = await until(() => second.health().troubles && second.health());
  expect(health.missing).toEqual([expect.stringContaining(`line ${earlier.split('\n').length} of the journal is lost, and all up to line ${written}`)]);
  await services.shift()!.stop();
  // Given up, it is the venue's journal from then on.
  const { journal } = JSON.parse(earlier.split('\n')[0].split(' ').slice(2).join(' ')) as { journal: string };
  await start('third', { ...options, lostJournals: [journal] });
  expect((await taken('c')).order.venueOrderId).toBe(`${VENUE}-paper-1`);
});

/** A bus on which leases cannot be written while the test says so. */
function withFaults(inner: Bus, faults: { leases: boolean }): Bus {
  return overlay(inner, {
    state: (name) => {
      const bucket = inner.state(name);
      return overlay(bucket, {
        put: async (...given) => {
          if (faults.leases && name === BUCKETS.leases) throw new Error('no leader');
          return bucket.put(...given);
        },
      });
    },
  });
}
