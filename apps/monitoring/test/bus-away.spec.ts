import { expect, test } from '@jest/globals';
import { createMemoryBus, type BusStatus } from '@parallax/bus';
import { overlay } from '@parallax/testing';
import { SYSTEM_SERVICES, type Alert, type ServiceHealth, type Timers } from '@parallax/types';
import { alertSchema, decodeJson, encodeJson, patterns, subjects, TOPOLOGY } from '@parallax/wire';
import { DEFAULT_MONITORING_CONFIGURATION, MonitoringService } from '../src/index.js';

const START = 1_790_000_000_000_000;
const random = { next: () => 0.5, id: (bytes: number) => 'r'.repeat(bytes) };

/** Time that the test lets pass. */
class ByHand implements Timers {
  private us = START;
  private readonly due = new Map<object, { readonly atUs: number; readonly run: () => void }>();

  nowUs(): number {
    return this.us;
  }

  after(delayMs: number, run: () => void): () => void {
    const key = {};
    this.due.set(key, { atUs: this.us + delayMs * 1_000, run });
    return () => void this.due.delete(key);
  }

  /** What is due comes at once where the process stood still meanwhile. */
  async pass(us: number): Promise<void> {
    this.us += us;
    for (const [key, { atUs, run }] of this.due) {
      if (atUs > this.us || !this.due.delete(key)) continue;
      run();
    }
    await turns();
  }
}

/** What was said is heard. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
}

test('the service learns from its bus and from its own words whether it hears, and tells once that the bus was away', async () => {
  const time = new ByHand();
  const root = await createMemoryBus(TOPOLOGY, { ports: { clock: time, timers: time, random } });
  const alerts: string[] = [];
  root.subscribe(patterns.alerts, ({ bytes }) => {
    const { id, summary, resolved }: Alert = decodeJson(alertSchema, bytes);
    const line = `${resolved ? 'over' : 'begins'} ${id.replace(/\.\d+$/, '')}: ${summary}`;
    if (!alerts.includes(line)) alerts.push(line);
  });
  const member = root.as('monitoring');
  let listeners: ((status: BusStatus) => void)[] = [];
  let isFrozen = false;
  const bus = overlay(member, {
    address: 'nats-1:4222',
    onStatus: (listener: (status: BusStatus) => void) => {
      listeners.push(listener);
      return () => void (listeners = listeners.filter((other) => other !== listener));
    },
    publish: (subject: string, bytes: Uint8Array) => {
      if (!isFrozen) member.publish(subject, bytes);
    },
  });
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const service = new MonitoringService({ bus, clock: time, timers: time, random, instance: 'm1', configuration: DEFAULT_MONITORING_CONFIGURATION, log });
  await service.start();
  const speak = (): void => {
    for (const name of SYSTEM_SERVICES.filter((one) => one !== 'monitoring')) {
      const health: ServiceHealth = { service: name, instance: name, ready: true, missing: [], startedAtUs: START, atUs: time.nowUs(), counters: {}, latencies: {} };
      root.publish(subjects.serviceHealth(name), encodeJson(health));
    }
  };
  const seconds = async (count: number, each: () => void): Promise<void> => {
    for (let second = 0; second < count; second++) {
      each();
      await turns();
      await time.pass(1_000_000);
    }
  };
  const tell = (status: BusStatus): void => listeners.forEach((listener) => listener(status));
  const nobody = (): void => {};
  try {
    await seconds(8, speak);
    expect(alerts).toEqual([]);
    tell({ type: 'disconnected', address: 'nats-1:4222' });
    await seconds(12, nobody);
    tell({ type: 'connected', address: 'nats-2:4222' });
    await seconds(80, speak);
    expect(alerts).toEqual([
      expect.stringMatching(/^begins bus\.away: the bus at nats-1:4222 is away: /),
      expect.stringMatching(/^begins bus\.away: the bus at nats-2:4222 was away for 12\.0 s, /),
      'over bus.away: the bus at nats-2:4222 is there again; it was away for 12.0 s',
    ]);
    alerts.length = 0;
    isFrozen = true;
    await seconds(12, nobody);
    isFrozen = false;
    await seconds(80, speak);
    expect(alerts).toEqual([
      expect.stringMatching(/^begins bus\.away: the bus at nats-2:4222 did not answer for 1\d\.0 s, /),
      expect.stringMatching(/^over bus\.away: the bus at nats-2:4222 is there again; it did not answer for 1\d\.0 s$/),
    ]);
    alerts.length = 0;
    await time.pass(12_000_000);
    await seconds(20, speak);
    expect(alerts).toEqual([]);
  } finally {
    await service.stop();
    await root.drain();
  }
});
