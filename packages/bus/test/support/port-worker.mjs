/** The using side of a port as a worker has it: `workerData.port`; what it shall do comes as requests to it. */
import { workerData } from 'node:worker_threads';
import { connectPort } from '@parallax/bus';

const bus = connectPort(workerData.port);
const text = (bytes) => new TextDecoder().decode(bytes);
const bytes = (value) => new TextEncoder().encode(value);

bus.subscribe('t.worker.ask', (message) => message.respond(bytes(`${bus.transport}: ${text(message.bytes)}`)));
bus.subscribe('t.worker.hang', () => {
  for (;;);
});
bus.subscribe('t.worker.throw', () => setImmediate(() => {
  throw new Error('the worker fails');
}));
bus.subscribe('t.worker.exhaust', () => {
  const kept = [];
  for (;;) kept.push(Array.from({ length: 1_000 }, (_, at) => ({ at })));
});
await bus.streams.consume('JOBS', 'worker', (message) => {
  // Whoever takes this over must get what was not acknowledged here.
  if (text(message.bytes) === 'forgotten') return new Promise(() => {});
  return message.acknowledge();
});
await bus.state('facts').watch('worker.*', ({ key }) => bus.publish('t.worker.seen', bytes(key)));
await bus.flush();
bus.publish('t.worker.ready', bytes('ready'));
