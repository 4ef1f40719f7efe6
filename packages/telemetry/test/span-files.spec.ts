import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ProcessTracing, readTrace, SpanFiles, traceparentOf } from '../src/index.js';

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'parallax-spans-')), 'traces');
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));
const span = (traceId: string, spanId: string) => ({ traceId, spanId, name: 'step', startUs: 1, endUs: 2 });

test('spans of several processes are found by their trace; a torn line is passed over', async () => {
  const [first, second] = ['one', 'two'].map((instance) => new SpanFiles({ directory, instance }));
  first.add('risk', span('a', '1'));
  await first.flush();
  second.add('execution', span('a', '2'));
  second.add('execution', span('b', '3'));
  await second.flush();
  writeFileSync(join(directory, '0000000009-torn.spans.jsonl'), '{"traceId":"a","spanId":"9');
  expect((await readTrace(directory, 'a')).map(({ service, spanId }) => [service, spanId])).toEqual([['risk', '1'], ['execution', '2']]);
  expect(await readTrace(join(directory, 'none'), 'a')).toEqual([]);
});

test('the store stays within its bounds and keeps the newest', async () => {
  const files = new SpanFiles({ directory, instance: 'one', fileBytes: 1_000, files: 3 });
  for (let number = 0; number < 400; number++) {
    files.add('risk', span(`trace-${number}`, String(number)));
    if (number % 5 === 0) await files.flush();
  }
  await files.flush();
  const names = readdirSync(directory);
  expect(names).toHaveLength(3);
  expect(names.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0)).toBeLessThan(3 * 2_000);
  expect([(await readTrace(directory, 'trace-399')).length, (await readTrace(directory, 'trace-0')).length, files.dropped]).toEqual([1, 0, 0]);
});

test('a disk that cannot be written costs spans and nothing else; what waits is bounded', async () => {
  writeFileSync(directory, 'a file where the directory should be');
  const files = new SpanFiles({ directory, instance: 'one', waiting: 10 });
  for (let number = 0; number < 25; number++) files.add('risk', span('a', String(number)));
  await files.flush();
  expect(files.dropped).toBe(25);
});

test('a disk that takes no spans is told once with its reason, counted in health, and told when it takes them again', async () => {
  writeFileSync(directory, 'a file where the directory should be');
  const lines: unknown[] = [];
  let nowUs = 1_000_000;
  const told = { log: { warn: (...line: unknown[]) => void lines.push(line) }, clock: { nowUs: () => nowUs } };
  const tracing = new ProcessTracing({ instance: 'test', directory, told });
  const [own, teller] = [tracing.of('risk'), tracing.of('execution', true)];
  const within = traceparentOf({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) });
  for (let number = 0; number < 3; number++) {
    own.step({ within, step: 'order', key: String(number), startUs: 1, endUs: 2 });
    await tracing.close();
  }
  expect(lines).toEqual([['the store of spans takes nothing; what it should take is lost until it does', { place: directory, occurrence: 1, reason: expect.stringContaining('EEXIST') }]]);
  // The disk is the process's: nine services that each told of it would be nine times as many errors.
  expect([own.counters, teller.counters]).toEqual([{}, { spansNotSent: 0, spansNotStored: 3 }]);
  rmSync(directory);
  nowUs += 4_000_000;
  own.step({ within, step: 'order', key: 'kept', startUs: 1, endUs: 2 });
  await tracing.close();
  expect(lines.slice(1)).toEqual([['the store of spans takes what it is given again', { place: directory, occurrence: 1, lastedMs: 4_000, lost: 3 }]]);
});

test('each service of a process writes under its own name; a step told twice is written once', async () => {
  const tracing = new ProcessTracing({ instance: 'test', directory });
  const within = traceparentOf({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) });
  for (const service of ['risk', 'risk', 'execution'] as const) {
    const own = tracing.of(service);
    for (let times = 0; times < 2; times++) own.step({ within, step: 'order', key: '1', startUs: 1, endUs: 2 });
    own.step({ within: 'nonsense', step: 'order', key: '2', startUs: 1, endUs: 2 });
    expect([own.contextOfStep('nonsense', 'order', '1'), own.writer.written]).toEqual([undefined, 1]);
  }
  await tracing.close();
  const found = await readTrace(directory, 'a'.repeat(32));
  expect(found.map(({ service, parentSpanId }) => [service, parentSpanId])).toEqual([['risk', 'b'.repeat(16)], ['execution', 'b'.repeat(16)]]);
});

test('without anybody to take spans nothing is kept', () => {
  const own = new ProcessTracing({ instance: 'test' }).of('risk');
  own.frameStarted(1, 1, 1, 1);
  own.frameTouched(0);
  own.frameFinished(2);
  const origin = { venue: 'okx', connection: 1, frame: 1, receivedAtUs: 1 };
  own.keep({ origin, links: [], traceparent: own.contextOfFrame(origin), reason: 'test' });
  expect([own.writer.written, own.frames.forgotten]).toEqual([0, 0]);
});
