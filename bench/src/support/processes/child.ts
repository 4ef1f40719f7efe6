import { connectNats, type Bus } from '@parallax/bus';
import { SystemRandom, SystemTimers, type ServiceContext, type ServiceLog } from '@parallax/runtime';
import { TOPOLOGY } from '@parallax/wire';
import { answer, joining, memory } from './answer.js';
import { PASSWORD } from './servers.js';
import { SharedClock } from './shared-clock.js';

export { answer, joining, memory };
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
