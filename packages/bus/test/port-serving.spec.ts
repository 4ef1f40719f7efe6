import { fileURLToPath } from 'node:url';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import { createMemoryBus, serveBusOver } from '../src/index.js';
import type { Bus, MemoryBus, ServedPort } from '../src/index.js';
import { aligned, LIMIT_OPERATIONS, WINDOW, type Answer, type Operation, type Pack } from '../src/port/protocol.js';
import { bytesOf, codeOf, textOf } from './support/fixture.js';
import { TEST_TOPOLOGY } from './support/topology.js';

/** What the other side of a port may do to the process that serves the bus: nothing. */
const ANSWERED = { timeoutMs: 240_000 };
/** Of what nobody may answer: asked again until nobody is there. */
const SOON = { timeoutMs: 200 };
const SUBSCRIBE = { op: 'subscribe', shared: false, queue: undefined, whenSlow: 'drop' } as const;

let root: MemoryBus;
let bus: Bus;
beforeEach(async () => {
  root = await createMemoryBus(TEST_TOPOLOGY);
  bus = root.as('tester');
});
afterEach(() => root.drain());

/** The other side by hand. */
class Raw {
  readonly told: Answer[] = [];
  readonly refused: string[] = [];
  readonly served: ServedPort;
  readonly port: MessagePort;
  isClosed = false;
  private calls = 1_000_000;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.served = serveBusOver(port1, root.as('tester'), { onRefused: ({ message }) => void this.refused.push(message) });
    this.port = port2;
    port2.on('message', (answer: Answer) => void this.told.push(answer));
    port2.on('close', () => (this.isClosed = true));
  }

  send(operation: Operation): void {
    this.port.postMessage(operation);
  }

  /** Resolves when all that the serving side sent until now has come: it answers in order. */
  async fence(): Promise<void> {
    const call = ++this.calls;
    this.send({ op: 'append', call, subject: 'job.other.fence', bytes: bytesOf('x'), id: `fence-${call}`, headers: undefined, expectedLastSequence: undefined });
    await until(() => this.told.some((answer) => answer.op === 'answer' && answer.call === call));
  }

  get packs(): Pack[] {
    return this.told.filter((answer): answer is Pack => answer.op === 'messages');
  }

  get messages(): number {
    return this.packs.reduce((sum, { ids }) => sum + ids.length, 0);
  }

  /** The newest message of a subject. */
  last(subject: string): string {
    let last = '';
    for (const { subjects, lengths, buffer } of this.packs) {
      let at = 0;
      subjects.forEach((one, index) => {
        if (one === subject) last = textOf(new Uint8Array(buffer, at, lengths[index]));
        at += aligned(lengths[index]);
      });
    }
    return last;
  }

  get lost(): number {
    return this.packs.flatMap(({ losses }) => losses).reduce((sum, lost) => sum + lost, 0);
  }
}

test.each(['drop', 'newest'] as const)('who never says that it has handled anything gets no more than a window; the rest waits by its rule (%s)', async (whenSlow) => {
  const raw = new Raw();
  raw.send({ ...SUBSCRIBE, id: 1, gate: 2, pattern: 't.flood.*', pendingLimit: 1_000, whenSlow });
  await until(() => raw.served.counters.subscriptions === 1);
  const published = 50_000;
  for (let number = 0; number < published; number++) {
    bus.publish(`t.flood.${number % 10}`, bytesOf(String(number)));
    if (number % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => raw.messages >= WINDOW);
  await raw.fence();
  expect(raw.messages).toBe(WINDOW);
  // The next only come for credit, however much is published.
  raw.send({ op: 'credit', gate: 2, count: 1 });
  await until(() => raw.messages > WINDOW);
  await raw.fence();
  expect(raw.messages).toBe(WINDOW + 1);
  await until(() => {
    raw.send({ op: 'credit', gate: 2, count: 1_000_000 });
    return raw.messages + raw.lost === published;
  });
  expect(raw.messages).toBeLessThan(3 * 1_000 + 2 * WINDOW);
  expect(raw.last('t.flood.9')).toBe('49999');
});

test('what is no operation is refused and counted, and harms nothing', async () => {
  const raw = new Raw();
  const shared = new Uint8Array(new SharedArrayBuffer(8));
  const garbage: unknown[] = [
    null, undefined, 7, 'publish', [], {}, { op: 'nonsense' }, { op: 'nonsense', call: 1 }, { op: 'publish' }, { op: 'publish', subject: 't.a' },
    { op: 'publish', subject: 't.*', bytes: new Uint8Array(1) }, { op: 'publish', subject: 't.a', bytes: shared }, { op: 'publish', subject: 't.a', bytes: 'text' },
    { op: 'publish', subject: 't.a', bytes: new Uint8Array(2 ** 21) }, { op: 'publish', subject: 'x'.repeat(10_000), bytes: new Uint8Array(1) },
    { op: 'publish', subject: 't.a', bytes: new Uint8Array(1), headers: { a: 1 } }, { op: 'publish', subject: 't.a', bytes: new Uint8Array(1), headers: { 'a b': 'c\r\nd' } },
    { op: 'subscribe', id: -1 }, { op: 'subscribe', id: 1, gate: 1, shared: 'no', pattern: 't.a', pendingLimit: 1, whenSlow: 'drop' },
    { op: 'subscribe', id: 1, gate: 1, shared: false, pattern: 't..a', pendingLimit: 1, whenSlow: 'drop' }, { op: 'credit', gate: 1, count: -5 },
    { op: 'credit', gate: 1, count: Number.NaN }, { op: 'settle', delivery: 1, how: 'burn' }, { op: 'request', call: 2 }, { op: 'watch', call: 3, id: 'x' },
    { op: 'read', call: 4, id: 1.5 }, { op: 'consume', call: 5 }, { op: 'put', call: 6, bucket: 'facts', key: 'a' }, { op: 'unsubscribe' },
  ];
  for (const one of garbage) raw.port.postMessage(one);
  await until(() => raw.served.counters.refused === garbage.length, () => JSON.stringify(raw.served.counters));
  expect(raw.refused.length).toBeGreaterThan(0);
  // Numbers that nothing has are no fault: what they meant may just have ended.
  for (const op of ['unsubscribe', 'unwatch', 'leave'] as const) raw.send({ op, id: 999 });
  raw.send({ op: 'handled', delivery: 999 });
  raw.send({ op: 'credit', gate: 999, count: 1 });
  raw.send({ op: 'append', call: 10, subject: 'job.other.a', bytes: bytesOf('x'), id: 'a', headers: undefined, expectedLastSequence: undefined });
  await until(() => raw.told.some((answer) => answer.op === 'answer' && answer.call === 10));
  expect(raw.served.counters.refused).toBe(garbage.length);
});

test('who sends more than is taken in is cut off, and the rest of the process hears and is heard meanwhile', async () => {
  const raw = new Raw();
  bus.subscribe('t.ask', (message) => message.respond(bytesOf('yes')));
  for (let number = 0; number < LIMIT_OPERATIONS * 4 + 2; number++) raw.port.postMessage(number);
  const answered = codeOf(bus.request('t.ask', bytesOf('x'), ANSWERED));
  await until(() => raw.isClosed);
  expect(raw.served.counters.cutOff).toBe(1);
  expect(await answered).toBe('none');
});

test('the end of the port ends all that was opened through it; what it had not acknowledged comes to the next', async () => {
  const raw = new Raw();
  raw.send({ ...SUBSCRIBE, id: 1, gate: 2, pattern: 't.gone', pendingLimit: 10 });
  raw.send({ op: 'consume', call: 3, id: 4, stream: 'JOBS', consumer: 'again' });
  raw.send({ op: 'watch', call: 5, id: 6, gate: 7, bucket: 'facts', pattern: '>' });
  await until(() => raw.told.filter(({ op }) => op === 'answer').length === 2);
  await bus.streams.append('job.again.x', bytesOf('left'), { id: 'left' });
  await until(() => raw.told.some(({ op }) => op === 'deliver'));
  raw.port.close();
  await until(async () => (await codeOf(bus.request('t.gone', bytesOf('x'), SOON))) === 'BUS_NO_RESPONDER');
  const seen: string[] = [];
  const next = await bus.streams.consume('JOBS', 'again', async (message) => {
    seen.push(`${textOf(message.bytes)}/${message.deliveries}`);
    await message.acknowledge();
  });
  await until(() => seen.length === 1);
  expect(seen).toEqual(['left/2']);
  await next.stop();
});

test('a served bus that closes closes its ports', async () => {
  const raw = new Raw();
  await root.drain();
  await until(() => raw.isClosed);
});

const WORKER = fileURLToPath(new URL('./support/port-worker.mjs', import.meta.url));
const LOADER = new URL('../../../tools/swc-register.mjs', import.meta.url).href;

/** A worker at the other end, once it says that it is there. */
async function startWorker(): Promise<{ worker: Worker; errors: Error[]; ended: Promise<number> }> {
  const { port1, port2 } = new MessageChannel();
  serveBusOver(port1, root.as('tester'));
  let isReady = false;
  const listening = bus.subscribe('t.worker.ready', () => (isReady = true));
  const worker = new Worker(WORKER, {
    workerData: { port: port2 }, transferList: [port2], execArgv: ['--conditions=source', '--import', LOADER], resourceLimits: { maxOldGenerationSizeMb: 64 },
  });
  const errors: Error[] = [];
  worker.on('error', (error: Error) => void errors.push(error));
  const ended = new Promise<number>((resolve) => worker.once('exit', resolve));
  await until(() => isReady || errors.length > 0, () => `a worker that is ready ${String(errors)}`);
  listening.unsubscribe();
  return { worker, errors, ended };
}

test('a worker uses the bus; hung, failed or out of memory it ends alone, and the next takes over', async () => {
  const seen: string[] = [];
  bus.subscribe('t.worker.seen', (message) => seen.push(textOf(message.bytes)));
  const first = await startWorker();
  const answer = await bus.request('t.worker.ask', bytesOf('hello'), ANSWERED);
  expect(textOf(answer.bytes)).toBe('port: hello');
  await bus.state('facts').put('worker.a', bytesOf('1'));
  await until(() => seen.includes('worker.a'));
  await bus.streams.append('job.work.a', bytesOf('done'), { id: 'done' });

  bus.publish('t.worker.hang', bytesOf('x'));
  for (let number = 0; number < 10_000; number++) bus.publish('t.worker.ask', bytesOf('into the void'));
  await bus.streams.append('job.work.b', bytesOf('after'), { id: 'after' });
  await first.worker.terminate();
  await until(async () => (await codeOf(bus.request('t.worker.ask', bytesOf('x'), SOON))) === 'BUS_NO_RESPONDER');

  for (const [how, message] of [['throw', /the worker fails/], ['exhaust', /memory/]] as const) {
    const next = await startWorker();
    expect(textOf((await bus.request('t.worker.ask', bytesOf(how), ANSWERED)).bytes)).toBe(`port: ${how}`);
    bus.publish(`t.worker.${how}`, bytesOf('x'));
    expect(await next.ended).toBe(1);
    expect(String(next.errors)).toMatch(message);
  }
});
