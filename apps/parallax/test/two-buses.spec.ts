import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createMemoryBus, natsConfiguration, passwordVariable, provision, PROVISIONER } from '@parallax/bus';
import { describeWith, startNatsServer, type NatsServer } from '@parallax/testing';
import { BUCKETS, TOPOLOGY } from '@parallax/wire';
import { natsBuses, type Buses } from '../src/compose/buses.js';
import { PaperTrading } from './support/paper-trading.js';

/** What a machine that stood still for a while, or has not heard the market yet, makes of an order. */
const SLOW = /^(MARKET_UNKNOWN|REQUEST_TOO_OLD|it never arrived|risk is silent)/;
const USERS = [PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)];
const passwords = Object.fromEntries(USERS.map((user) => [passwordVariable(user), 'test']));

/** The bus of `npm start`, whose leases were granted and renewed many times before. */
async function wornBus(directory: string): Promise<Buses> {
  const root = await createMemoryBus(TOPOLOGY, { directory });
  for (let written = 0; written < 1_000; written++) await root.state(BUCKETS.leases).put('elsewhere.writer', new Uint8Array());
  return { transport: 'memory', as: (user) => Promise.resolve(root.as(user)), drain: () => root.drain() };
}

describeWith('nats-server', 'one folder of state at one bus after another', () => {
  let server: NatsServer;
  const state = mkdtempSync(join(tmpdir(), 'parallax-two-buses-'));
  beforeAll(async () => {
    server = await startNatsServer({ config: (port, storeDirectory) => natsConfiguration(TOPOLOGY, { port, storeDirectory }), environment: passwords });
    await provision({ servers: server.url, user: PROVISIONER, password: 'test', name: 'test' }, TOPOLOGY);
  });
  afterAll(async () => {
    await server.stop();
    rmSync(state, { recursive: true, force: true });
  });

  test('orders are taken in process, then over NATS, whose epochs are younger, then in process again', async () => {
    const inProcess = (): Promise<Buses> => wornBus(join(state, 'bus'));
    const overNats = (): Promise<Buses> => Promise.resolve(natsBuses(server.url, 'test', passwords));
    let plans = 0;
    for (const [run, open] of [inProcess, overNats, inProcess, overNats].entries()) {
      const trading = await PaperTrading.open(await open(), state);
      const refusals: string[] = [];
      for (let outcome = ''; outcome !== 'completed' && refusals.length === 0; plans++) {
        const told = await trading.trade(`run-${run}-${plans}`);
        ({ outcome } = told);
        refusals.push(...told.reasons.filter((reason) => !SLOW.test(reason)));
      }
      expect([run, refusals]).toEqual([run, []]);
      await trading.close();
    }
  });
});
