import { expect, test } from '@jest/globals';
import { createMemoryBus } from '@parallax/bus';
import { settingsOf } from '@parallax/config';
import { SystemClock, SystemRandom, SystemTimers, type ServiceContext } from '@parallax/runtime';
import { VENUES } from '@parallax/venues';
import { serviceHealthSchema, TOPOLOGY } from '@parallax/wire';
import { Fetch, IngestionService, ingestionOf, WebSockets, type VenueSelection } from '../src/index.js';

const log = { info: () => {}, warn: () => {}, error: () => {} };

test('health says whether the market is simulated or live, and nothing where it is both', async () => {
  const bus = await createMemoryBus(TOPOLOGY);
  const clock = new SystemClock();
  const context: ServiceContext = { bus: bus.as('ingestion'), clock, timers: new SystemTimers(), random: new SystemRandom(), log, instance: 'i' };
  const settings = settingsOf({ VENUES: 'okx,kraken' }, VENUES);
  const told = (service: IngestionService): unknown => serviceHealthSchema.parse(service.health()).market;
  const [live, simulated] = [ingestionOf(context, settings, null), ingestionOf(context, settings, 'http://127.0.0.1:1')];
  expect([told(live), told(simulated)]).toEqual(['live', 'simulated']);
  const of = (service: IngestionService): VenueSelection[] => service.venues.map(({ selection }) => selection);
  expect(told(new IngestionService(context, new WebSockets(clock), new Fetch(), [of(live)[0], of(simulated)[1]]))).toBeUndefined();
  expect(told(new IngestionService(context, new WebSockets(clock), new Fetch(), []))).toBeUndefined();
  await bus.drain();
});
