import { expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectNats, natsConfiguration, passwordVariable, provision, PROVISIONER, type Bus } from '@parallax/bus';
import { startSimulator } from '@parallax/simulator';
import { describeWith, startNatsServer, until } from '@parallax/testing';
import type { Fill, Order, Refused } from '@parallax/types';
import { decodeJson, fillSchema, orderSchema, patterns, refusedSchema, regimeEventSchema, TOPOLOGY } from '@parallax/wire';
import { ServiceProcess } from './support/service-process.js';

const passwords = Object.fromEntries([PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)].map((user) => [passwordVariable(user), `secret-of-${user}`]));
const SERVICES = { regime: 'regime', normalisation: 'normalisation', paper: 'paper-venue', risk: 'risk', execution: 'execution', arbitrage: 'arbitrage', ingestion: 'ingestion' };
const SECOND_US = 1_000_000;
/** The default of REGIME_MAX_AGE_MS. */
const MAXIMUM_US = 10 * SECOND_US;

/** Everything that a reader of the bus hears of trading. */
class Trading {
  readonly orders = new Map<string, Order>();
  readonly fills: Fill[] = [];
  readonly refused: Refused[] = [];
  lastStoodAtUs = 0;

  constructor(bus: Bus) {
    bus.subscribe(patterns.orders, ({ bytes }) => {
      const order = decodeJson(orderSchema, bytes);
      this.orders.set(order.id, order);
    });
    bus.subscribe(patterns.fills, ({ bytes }) => void this.fills.push(decodeJson(fillSchema, bytes)));
    bus.subscribe(patterns.refused, ({ bytes }) => void this.refused.push(decodeJson(refusedSchema, bytes)));
    bus.subscribe(patterns.standingRegimes, ({ bytes }) => void (this.lastStoodAtUs = decodeJson(regimeEventSchema, bytes).atUs));
  }

  get legs(): number {
    return this.legsSince(0);
  }

  legsSince(sinceUs: number): number {
    return [...this.orders.values()].filter(({ purpose, createdAtUs }) => purpose === 'leg' && createdAtUs > sinceUs).length;
  }

  /** Where more stands open after some later fill than after the first `count`; of the same side or the other. */
  grownSince(count: number): string[] {
    const held = new Map<string, number>();
    const most = new Map<string, number>();
    const grown = new Set<string>();
    for (const [at, { venue, symbol, side, size }] of this.fills.entries()) {
      const key = `${venue} ${symbol}`;
      const now = (held.get(key) ?? 0) + Math.round(Number(size) * 1e8) * (side === 'buy' ? 1 : -1);
      held.set(key, now);
      if (at < count) most.set(key, Math.abs(now));
      else if (Math.abs(now) > (most.get(key) ?? 0)) grown.add(key);
    }
    return [...grown];
  }

  unknownSince(sinceUs: number): Refused[] {
    return this.refused.filter(({ atUs, refusals }) => atUs > sinceUs && refusals.some(({ code }) => code === 'RISK_STATE_UNKNOWN'));
  }
}

describeWith('nats-server', 'regime falls silent while others trade', () => {
  test('what adds exposure ends within the limit, with the reason; trade comes back by itself with regime', async () => {
    const server = await startNatsServer({ config: (port, storeDirectory) => natsConfiguration(TOPOLOGY, { port, storeDirectory }), environment: passwords });
    await provision({ servers: server.url, user: PROVISIONER, password: passwords[passwordVariable(PROVISIONER)], name: 'test' }, TOPOLOGY);
    const simulator = await startSimulator();
    const state = mkdtempSync(join(tmpdir(), 'parallax-silent-regime-'));
    const bus = await connectNats({ servers: server.url, user: 'gateway', password: passwords.NATS_GATEWAY_PASSWORD, name: 'test' });
    const trading = new Trading(bus);
    const running: ServiceProcess[] = [];
    const told = (what: string) => (): string => `${what}\n${running.map(({ output }) => output.slice(-2_000)).join('\n')}`;
    try {
      for (const [user, app] of Object.entries(SERVICES)) {
        const variable = passwordVariable(user);
        running.push(new ServiceProcess(`apps/${app}/src/main.ts`, [], {
          NATS_URL: server.url, [variable]: passwords[variable], PARALLAX_STATE: state, PARALLAX_SIMULATOR_URL: simulator.url,
          VENUES: 'binance,okx', SYMBOLS: 'BTC/USDT,ETH/USDT,SOL/USDT', FEES: '0', MIN_EDGE_BPS: '0.1', QUOTE_MAX_AGE_MS: '10000',
        }));
      }
      const [regime] = running;
      await until(() => trading.fills.length > 0, told('a first fill'));
      // Nothing was traded before regime had said what stands.
      expect(trading.refused.every(({ refusals }) => refusals.length > 0)).toBe(true);

      regime.signal('SIGSTOP');
      // What it had sent before has come by the time at which risk refuses for it.
      await until(() => trading.unknownSince(trading.lastStoodAtUs + MAXIMUM_US).length > 0, told('a refusal'));
      const { lastStoodAtUs } = trading;
      const silentUs = lastStoodAtUs + MAXIMUM_US;
      const [first] = trading.unknownSince(silentUs);
      expect(first.refusals.find(({ code }) => code === 'RISK_STATE_UNKNOWN')?.detail).toMatch(/^leg \d: the last regime of \w+:\w+\/USDT is \d+ s old/);
      await until(() => trading.unknownSince(silentUs).length >= 3, told('further refusals'));
      // What was approved before is over by now. From here on a plan may only bring an account nearer to flat, which goes on.
      const legs = trading.legs;
      const fills = trading.fills.length;
      await until(() => trading.unknownSince(silentUs).length >= 8, told('more refusals'));
      expect(trading.grownSince(fills)).toEqual([]);
      process.stderr.write(`while regime was silent: ${trading.unknownSince(silentUs).length} refusals, ${trading.legs - legs} legs that reduce\n`);

      regime.signal('SIGCONT');
      await until(() => trading.lastStoodAtUs > lastStoodAtUs, told('regime speaks again'));
      // New exposure, by itself: more than there was when nothing but a way back was allowed.
      await until(() => trading.grownSince(fills).length > 0, told('a plan after regime came back'));
    } finally {
      running[0]?.signal('SIGCONT');
      await Promise.all(running.map((child) => child.end('SIGKILL')));
      await bus.drain();
      await simulator.stop();
      await server.stop();
      rmSync(state, { recursive: true, force: true });
    }
  });
});
