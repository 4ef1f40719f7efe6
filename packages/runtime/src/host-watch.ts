import type { Bus } from '@parallax/bus';
import type { Clock, ServiceName, Timers, Trouble } from '@parallax/types';
import type { ServiceContext, ServiceLog, ServiceWatch } from './service.js';

/** A fault stands in the health of its service for so long after it last happened. */
const TOLD_FOR_US = 60_000_000;
/** A handler that fails with every message must not fill the log. */
const LOGGED_EVERY_US = 1_000_000;
/** What fails in one of these may be a fill, an order or an approval. */
const OF_MONEY: ReadonlySet<ServiceName> = new Set(['risk', 'execution', 'paper']);
/** They take nothing new while their clock is in doubt. */
const STOPPED_BY_CLOCK: ReadonlySet<ServiceName> = new Set(['risk', 'execution']);

/**
 * What the host of a service sees go wrong around the service's own work: handlers, timers and answers that threw, and a
 * clock that is in doubt. Each goes into the log and, by `healthOf`, into the service's health.
 */
export class HostWatch implements ServiceWatch {
  readonly counters = { handlersFailed: 0 };
  private lastFault = '';
  private failedAtUs = Number.NEGATIVE_INFINITY;
  private loggedAtUs = Number.NEGATIVE_INFINITY;
  private unlogged = 0;

  /** `tellsOfClock` false: another service of this process tells of their common clock. */
  constructor(
    private readonly service: ServiceName,
    private readonly clock: Clock,
    private readonly log: ServiceLog,
    private readonly tellsOfClock: boolean,
  ) {}

  failed(error: unknown, place: string): void {
    const nowUs = this.clock.nowUs();
    this.counters.handlersFailed++;
    this.failedAtUs = nowUs;
    this.lastFault = `${place}: ${error instanceof Error ? error.message : String(error)}`;
    if (nowUs - this.loggedAtUs < LOGGED_EVERY_US) {
      this.unlogged++;
      return;
    }
    this.loggedAtUs = nowUs;
    const others = this.unlogged === 0 ? {} : { othersSinceTheLastLine: this.unlogged };
    this.unlogged = 0;
    this.log.error('a handler failed', { place, error: error instanceof Error ? (error.stack ?? error.message) : String(error), ...others });
  }

  troubles(): Trouble[] {
    const troubles: Trouble[] = [];
    const nowUs = this.clock.nowUs();
    if (nowUs - this.failedAtUs <= TOLD_FOR_US) {
      const summary = `a handler of ${this.service} failed, and what it was called for is not done (${this.lastFault}): the log has it`;
      troubles.push({ key: 'handler-failed', severity: OF_MONEY.has(this.service) ? 'critical' : 'warning', summary });
    }
    const doubt = this.tellsOfClock ? (this.clock.doubt?.() ?? null) : null;
    if (doubt !== null) {
      const stops = STOPPED_BY_CLOCK.has(this.service) ? { stopsTrading: true as const } : {};
      troubles.push({ key: 'clock', severity: 'critical', summary: doubt, ...stops });
    }
    return troubles;
  }
}

/**
 * The context as a service gets it from its host: what its handlers and timers throw is logged, counted and told in its
 * health, and ends neither the service nor its neighbours in the process.
 */
export function watched(context: ServiceContext, service: ServiceName, tellsOfClock = true): ServiceContext {
  const { bus, clock, log } = context;
  const watch = new HostWatch(service, clock, log, tellsOfClock);
  followFaults(bus, watch, log);
  return { ...context, timers: guarded(context.timers, watch), watch };
}

function followFaults(bus: Bus, watch: HostWatch, log: ServiceLog): void {
  bus.onFault(({ from, place, error }) => {
    if (from === 'handler') watch.failed(error, place);
    else log.error('the bus failed at something and tries again', { place, error: String(error) });
  });
}

function guarded(timers: Timers, watch: HostWatch): Timers {
  return {
    after: (delayMs, callback) => timers.after(delayMs, () => {
      try {
        callback();
      } catch (error) {
        watch.failed(error, 'a timer');
      }
    }),
  };
}
