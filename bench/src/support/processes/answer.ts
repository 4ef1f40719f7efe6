import type { Answer, Joining, Memory, Question } from './protocol.js';

/** What this process was started with. */
export const joining = JSON.parse(process.argv[2] ?? '{}') as Joining;

export function memory(): Memory {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heapBytes: heapUsed + arrayBuffers, residentBytes: rss };
}

/** Processor time of this process since it started, in its own code and in the system's on its behalf, in microseconds. */
export function processorUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Answers the parent's questions from now on, and tells it that this process is ready. */
export function answer(answers: Readonly<Record<string, (value: never) => unknown>>): void {
  const all: Readonly<Record<string, (value: never) => unknown>> = { memory, processorUs, ...answers };
  const send = (message: Answer): void => void process.send?.(message);
  process.on('message', ({ id, ask, value }: Question) => {
    Promise.resolve()
      .then(() => all[ask](value as never))
      .then((result) => send({ id, value: result }), (error: Error) => send({ id, error: `${joining.role}: ${error.stack ?? error.message}` }));
  });
  // A parent that is gone wants nothing more.
  process.on('disconnect', () => process.exit(0));
  send({ id: 0, value: 'ready' });
}
