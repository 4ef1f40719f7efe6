import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { SystemRandom, SystemTimers } from '@parallax/runtime';
import { RiskModule, RiskService } from '../src/index.js';
import { clock, CONFIGURATION, Stand, until } from './support.js';

let stand: Stand;
beforeEach(async () => {
  stand = await new Stand().open();
});
afterEach(async () => stand.close());

test('the module starts the service with its application and drains it with it', async () => {
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const dependencies = {
    bus: stand.bus.as('risk'), clock, timers: new SystemTimers(), random: new SystemRandom(), log, instance: 'nest', configuration: CONFIGURATION,
  };
  const app = await NestFactory.createApplicationContext(RiskModule.with(dependencies), { logger: false });
  const service = app.get(RiskService);
  await until('risk is ready', () => service.health().ready);
  await app.close();
  expect(service.health().ready).toBe(false);
});
