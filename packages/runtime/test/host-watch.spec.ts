import { expect, test } from '@jest/globals';
import { createMemoryBus } from '@parallax/bus';
import { until } from '@parallax/testing';
import type { Clock, ServiceName, Timers } from '@parallax/types';
import { encodeJson, subjects, TOPOLOGY } from '@parallax/wire';
import { healthOf, repeat, SystemRandom, watched, type ServiceContext } from '../src/index.js';

const START_US = 1_790_000_000_000_000;

/** Time by hand: timers ring when the test says so. */
class ByHand implements Clock, Timers {
  private atUs = START_US;
  private readonly waiting = new Set<() => void>();
  doubted: string | null = null;
  nowUs(): number {
    return this.atUs;
  }
  doubt(): string | null {
    return this.doubted;
  }
  after(_delayMs: number, callback: () => void): () => void {
    this.waiting.add(callback);
    return () => this.waiting.delete(callback);
  }
  pass(seconds: number): void {
    this.atUs += seconds * 1_000_000;
    const due = [...this.waiting];
    this.waiting.clear();
    for (const ring of due) ring();
  }
}

async function house() {
  const root = await createMemoryBus(TOPOLOGY);
  const time = new ByHand();
  const lines: string[] = [];
  const log: ServiceContext['log'] = {
    info: () => {}, warn: (message) => void lines.push(`warn ${message}`),
    error: (message, { place, error, othersSinceTheLastLine: others } = {}) => void lines.push([
      `error ${message}`, place, String(error).split('\n')[0], ...(others === undefined ? [] : [others]),
    ].join(' ')),
  };
  const contextOf = (service: ServiceName, tellsOfClock?: boolean): ServiceContext =>
    watched({ bus: root.as(service), clock: time, timers: time, random: new SystemRandom(), log, instance: 'test' }, service, tellsOfClock);
  return { root, time, lines, contextOf };
}

test('what a handler throws is in the log at its level, counted, and a trouble of that service alone for a minute', async () => {
  const { root, time, lines, contextOf } = await house();
  const [risk, regime] = [contextOf('risk'), contextOf('regime')];
  const health = (context: ServiceContext, service: ServiceName) => healthOf(service, context, START_US, [], { mine: 7 });
  expect(health(risk, 'risk')).toMatchObject({ ready: true, counters: { mine: 7, handlersFailed: 0 } });
  expect(health(risk, 'risk').troubles).toBeUndefined();
  let heard = 0;
  risk.bus.subscribe(subjects.halt(), () => {
    heard++;
    throw new Error('the book is half done');
  });
  for (let sent = 1; sent <= 3; sent++) {
    root.publish(subjects.halt(), encodeJson({}));
    await until(() => heard === sent);
  }
  expect(lines).toEqual(['error a handler failed risk.halt Error: the book is half done']);
  expect(health(risk, 'risk')).toMatchObject({
    ready: true, counters: { mine: 7, handlersFailed: 3 }, troubles: [{ key: 'handler-failed', severity: 'critical', summary: expect.stringMatching(/risk\.halt: the book is half done/) }],
  });
  expect(health(regime, 'regime')).toMatchObject({ counters: { handlersFailed: 0 } });
  expect(health(regime, 'regime').troubles).toBeUndefined();
  time.pass(2);
  root.publish(subjects.halt(), encodeJson({}));
  await until(() => heard === 4);
  expect(lines.at(-1)).toBe('error a handler failed risk.halt Error: the book is half done 2');
  time.pass(59);
  expect(health(risk, 'risk').troubles).toHaveLength(1);
  time.pass(2);
  expect(health(risk, 'risk').troubles).toBeUndefined();
  await root.drain();
});

test('a timer that throws ends neither the process nor what repeats', async () => {
  const { root, time, lines, contextOf } = await house();
  const context = contextOf('regime');
  let rounds = 0;
  const stop = repeat(context.timers, 1_000, () => {
    rounds++;
    throw new Error('a round fails');
  });
  time.pass(1);
  time.pass(1);
  stop();
  time.pass(1);
  expect([rounds, lines]).toEqual([2, ['error a handler failed a timer Error: a round fails', 'error a handler failed a timer Error: a round fails']]);
  expect(healthOf('regime', context, START_US, []).troubles).toMatchObject([{ key: 'handler-failed', severity: 'warning' }]);
  await root.drain();
});

test('a clock in doubt is a critical trouble of one service of the process, as long as it is', async () => {
  const { root, time, contextOf } = await house();
  const [execution, risk] = [contextOf('execution'), contextOf('risk', false)];
  time.doubted = 'the clock was set back';
  expect(healthOf('execution', execution, START_US, []).troubles).toEqual([
    { key: 'clock', severity: 'critical', summary: 'the clock was set back', stopsTrading: true },
  ]);
  expect(healthOf('regime', contextOf('regime'), START_US, []).troubles).toEqual([{ key: 'clock', severity: 'critical', summary: 'the clock was set back' }]);
  expect(healthOf('risk', risk, START_US, []).troubles).toBeUndefined();
  time.doubted = null;
  expect(healthOf('execution', execution, START_US, []).troubles).toBeUndefined();
  await root.drain();
});
