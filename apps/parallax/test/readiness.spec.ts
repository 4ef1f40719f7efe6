import { readFileSync } from 'node:fs';
import { arbitrageDefinition, arbitrageOf } from '@parallax/app-arbitrage';
import { executionDefinition, executionOf } from '@parallax/app-execution';
import { IngestionService, ingestionDefinition } from '@parallax/app-ingestion';
import { NormalisationService, normalisationDefinition } from '@parallax/app-normalisation';
import { paperVenueDefinition, paperVenuesOf } from '@parallax/app-paper-venue';
import { RegimeService, regimeDefinition } from '@parallax/app-regime';
import { riskDefinition, riskOf } from '@parallax/app-risk';
import { settingsOf } from '@parallax/config';
import { SystemClock, SystemRandom, SystemTimers, type Service } from '@parallax/runtime';
import { until } from '@parallax/testing';
import { VENUES } from '@parallax/venues';
import { expect, test } from '@jest/globals';
import { memoryBuses } from '../src/compose/buses.js';
import { House } from '../src/compose/house.js';

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };
const settings = { ...settingsOf({ VENUES: 'okx', SYMBOLS: 'BTC/USDT' }, VENUES), stateDirectory: null };
/** A venue that cannot be reached. */
const nothing = { open: () => ({ send: () => {}, close: () => {} }), get: () => Promise.reject(new Error('no route')) };
const selections = [{ definition: VENUES.get('okx')!, symbols: ['BTC/USDT'], feeds: ['depth' as const] }];

/** Every service that has a market before it, each by itself on one bus, and no market at all. */
async function openHouse(): Promise<{ services: Service[]; again: (name: 'risk' | 'execution') => Promise<Service>; stop: () => Promise<void> }> {
  const buses = await memoryBuses();
  const clock = new SystemClock();
  let number = 0;
  const house = new House(async (user) => ({
    bus: await buses.as(user), clock, timers: new SystemTimers(), random: new SystemRandom(), log: SILENT, instance: `i${++number}`,
  }));
  const risk = () => house.start(riskDefinition, (context) => riskOf(context, settings));
  const execution = () => house.start(executionDefinition, (context) => executionOf(context, settings));
  const services: Service[] = [
    await house.start(normalisationDefinition, (context) => new NormalisationService(context, VENUES)),
    await house.start(regimeDefinition, (context) => new RegimeService(context)),
    await house.start(arbitrageDefinition, (context) => arbitrageOf(context, settings)),
    await house.start(paperVenueDefinition, (context) => paperVenuesOf(context, settings)),
    await risk(),
    await execution(),
    await house.start(ingestionDefinition, (context) => new IngestionService(context, nothing, nothing, selections)),
  ];
  const stop = async (): Promise<void> => {
    await house.stop();
    await buses.drain();
  };
  return { services, again: (name) => (name === 'risk' ? risk() : execution()), stop };
}

test('without a market every service can do its work, and tells what is amiss; of two that a lease parts the other lacks nothing', async () => {
  const { services, again, stop } = await openHouse();
  await until(() => services.every((service) => service.health().ready), () => JSON.stringify(services.map((service) => service.health())));
  const told = Object.fromEntries(services.map((service) => [service.name, (service.health().degraded ?? []).join()]));
  expect(told).toEqual({
    ingestion: expect.stringMatching(/okx: the listing cannot be read: .*no route/), normalisation: 'no venue has sent a frame yet', regime: 'no quote has come yet',
    arbitrage: 'no book has come yet', risk: 'no instrument is known yet', execution: '', paper: 'no instrument is known yet',
  });
  for (const name of ['risk', 'execution'] as const) {
    const second = await again(name);
    expect(second.health()).toMatchObject({ service: name, ready: false, standsBy: true, missing: [] });
  }
  await stop();
});

test('ARCHITECTURE has a line for each of them, monitoring and the gateway', () => {
  const text = readFileSync(new URL('../../../ARCHITECTURE.md', import.meta.url), 'utf8');
  const rows = text.slice(text.indexOf('| service | `missing`')).split('\n\n')[0].split('\n').slice(2);
  expect(rows.map((row) => row.split('|')[1].trim())).toEqual(
    ['ingestion', 'normalisation', 'regime', 'arbitrage', 'risk', 'execution', 'paper', 'monitoring', 'gateway'],
  );
});
