import { connectNats, type Bus } from '@parallax/bus';
import { SystemRandom, SystemTimers, type ServiceContext, type ServiceLog } from '@parallax/runtime';
import { TOPOLOGY } from '@parallax/wire';
import type { Answer, Joining, Memory, Question } from './protocol.js';
import { PASSWORD } from './servers.js';
import { SharedClock } from './shared-clock.js';

/** What this process was started with. */
export const joining = JSON.parse(process.argv[2] ?? '{}') as Joining;
export const clock = new SharedClock(joining.originUs);

const say = (message: string, fields?: Record<string, unknown>): void => {
  process.stderr.write(`${joining.role}: ${message} ${JSON.stringify(fields ?? {})}\n`);
};
const log: ServiceLog = { info: () => {}, warn: say, error: say };

/** The bus as one of the services, with its rights and no others. */
export function busAs(user: string): Promise<Bus> {
  return connectNats({ servers: joining.server, user, password: PASSWORD, name: `${user}-${joining.role}`, topology: TOPOLOGY });
}

export function contextOf(bus: Bus): ServiceContext {
  return { bus, clock, timers: new SystemTimers(), random: new SystemRandom(), log, instance: `${joining.role}-${process.pid}` };
}

export function memory(): Memory {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heapBytes: heapUsed + arrayBuffers, residentBytes: rss };
}

/** Answers the parent's questions from now on, and tells it that this process is ready. */
export function answer(answers: Readonly<Record<string, (value: never) => unknown>>): void {
  const all: Readonly<Record<string, (value: never) => unknown>> = { memory, ...answers };
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
