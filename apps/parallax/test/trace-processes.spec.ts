import { expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectNats, natsConfiguration, passwordVariable, provision, PROVISIONER } from '@parallax/bus';
import { startSimulator } from '@parallax/simulator';
import { contextOf } from '@parallax/telemetry';
import { describeWith, startNatsServer, startOtlpReceiver, until, type ReceivedSpan } from '@parallax/testing';
import type { Fill } from '@parallax/types';
import { decodeJson, fillSchema, patterns, TOPOLOGY } from '@parallax/wire';
import { ServiceProcess } from './support/service-process.js';

const passwords = Object.fromEntries([PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)].map((user) => [passwordVariable(user), `secret-of-${user}`]));
const SERVICES = {
  normalisation: 'normalisation', regime: 'regime', paper: 'paper-venue', risk: 'risk', execution: 'execution', arbitrage: 'arbitrage', ingestion: 'ingestion',
};

describeWith('nats-server', 'between separate processes over a real server', () => {
  test('the spans of a fill are one tree from the frame on, each exported by its own process', async () => {
    const receiver = await startOtlpReceiver();
    const server = await startNatsServer({ config: (port, storeDirectory) => natsConfiguration(TOPOLOGY, { port, storeDirectory }), environment: passwords });
    await provision({ servers: server.url, user: PROVISIONER, password: passwords[passwordVariable(PROVISIONER)], name: 'test' }, TOPOLOGY);
    const simulator = await startSimulator();
    const state = mkdtempSync(join(tmpdir(), 'parallax-traced-'));
    const bus = await connectNats({ servers: server.url, user: 'gateway', password: passwords.NATS_GATEWAY_PASSWORD, name: 'test' });
    const running: ServiceProcess[] = [];
    try {
      const fills: Fill[] = [];
      bus.subscribe(patterns.fills, ({ bytes }) => fills.push(decodeJson(fillSchema, bytes)));
      for (const [user, app] of Object.entries(SERVICES)) {
        const variable = passwordVariable(user);
        running.push(new ServiceProcess(`apps/${app}/src/main.ts`, [], {
          NATS_URL: server.url, [variable]: passwords[variable], OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, PARALLAX_STATE: state,
          PARALLAX_SIMULATOR_URL: simulator.url, SYMBOLS: 'BTC/USDT', FEES: '0', MIN_EDGE_BPS: '0.1', QUOTE_MAX_AGE_MS: '10000',
        }));
      }
      let whole: ReceivedSpan[] = [];
      await until(() => (whole = fills.map((fill) => treeOf(receiver.spans, fill)).find((tree) => isWhole(tree)) ?? []).length > 0, () => `the whole tree of a fill, of ${fills.length} fills\n${running.map(({ output }) => output).join('\n')}`);
      await Promise.all(running.map((child) => child.end('SIGTERM')));

      const parentOf = (span: ReceivedSpan): ReceivedSpan | undefined => whole.find(({ spanId }) => spanId === span.parentSpanId);
      expect(whole.filter((span) => !parentOf(span)).map(({ service, parentSpanId }) => [service, parentSpanId])).toEqual([['ingestion', '']]);
      expect([...new Set(whole.map(({ service }) => service))].sort()).toEqual(['arbitrage', 'execution', 'ingestion', 'normalisation', 'risk']);
      expect(whole.find(({ name }) => name === 'ingestion frame')!.links).toHaveLength(1);
      // One machine has one clock, but each process reads it from an origin of its own.
      for (const span of whole) expect(span.startUs).toBeGreaterThanOrEqual((parentOf(span)?.startUs ?? 0) - 2_000);
      process.stderr.write(`processes: ${whole.length} spans in one tree, ${fills.length} fills, ${receiver.spans.length} spans in all\n`);
    } finally {
      await Promise.all(running.map((child) => child.end('SIGKILL')));
      await bus.drain();
      await simulator.stop();
      await server.stop();
      await receiver.stop();
      rmSync(state, { recursive: true, force: true });
    }
  });
});

const treeOf = (spans: readonly ReceivedSpan[], fill: Fill): ReceivedSpan[] =>
  spans.filter(({ traceId }) => traceId === contextOf(fill.traceparent)?.traceId);

/** Every service sent its part, the plan's span came, and no span waits for its parent. */
function isWhole(tree: readonly ReceivedSpan[]): boolean {
  const names = new Set(tree.map(({ name }) => name));
  const ids = new Set(tree.map(({ spanId }) => spanId));
  return names.has('execution plan') && names.has('execution fill') && tree.every(({ parentSpanId }) => parentSpanId === '' || ids.has(parentSpanId));
}
