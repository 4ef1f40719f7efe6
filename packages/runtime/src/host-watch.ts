import type { Bus } from '@parallax/bus';
import { StageLatencies } from '@parallax/telemetry';
import { ParallaxError, STOOD_STILL, STOOD_STILL_TOLD_US, type Clock, type Counters, type ServiceName, type Timers, type Trouble } from '@parallax/types';
import { BusWatch } from './bus-watch.js';
import type { ServiceContext, ServiceLog, ServiceWatch } from './service.js';

/** A fault stands in the health of its service for so long after it last happened. */
const TOLD_FOR_US = 60_000_000;
/** What fails in one of these may be a fill, an order or an approval. */
const OF_MONEY: ReadonlySet<ServiceName> = new Set(['risk', 'execution', 'paper']);
/** They take nothing new while their clock is in doubt. */
const STOPPED_BY_CLOCK: ReadonlySet<ServiceName> = new Set(['risk', 'execution']);
/** A timer that is so much too late, in microseconds, shows that the process stood still. */
const STOOD_STILL_US = 2_000_000;

/**
 * What the host of a service sees go wrong around the service's own work: handlers, timers and answers that threw, a
 * clock that is in doubt, a process that stood still, a bus that is away or can keep nothing. Each goes into the log and, by `healthOf`, into the service's health.
 */
export class HostWatch implements ServiceWatch {
  readonly bus: BusWatch;
  private handlersFailed = 0;
  private lastFault = '';
  private failedAtUs = Number.NEGATIVE_INFINITY;
  private stoodStillForUs = 0;
  private stoodStillAtUs = Number.NEGATIVE_INFINITY;

  /** `tellsForAll` false: another service of this process tells of their common clock, store and event loop. */
  constructor(
    private readonly service: ServiceName,
    private readonly clock: Clock,
    private readonly log: ServiceLog,
    private readonly tellsForAll: boolean,
  ) {
    this.bus = new BusWatch(clock, log, tellsForAll);
  }

  get counters(): Counters {
    return { handlersFailed: this.handlersFailed, ...this.bus.counters };
  }

  failed(error: unknown, place: string): void {
    this.handlersFailed++;
    this.failedAtUs = this.clock.nowUs();
    this.lastFault = `${place}: ${error instanceof Error ? error.message : String(error)}`;
    // The log itself holds back what comes again and again, and counts it.
    this.log.error('a handler failed', { place, error: textOf(error) });
  }

  /** A timer came, so much too late. Several that are late together are late by one standstill. */
  onTimer(lateUs: number): void {
    if (!this.tellsForAll || lateUs <= STOOD_STILL_US) return;
    const nowUs = this.clock.nowUs();
    const isNew = nowUs - this.stoodStillAtUs > STOOD_STILL_US;
    this.stoodStillForUs = nowUs - this.stoodStillAtUs > STOOD_STILL_TOLD_US ? lateUs : Math.max(lateUs, this.stoodStillForUs);
    this.stoodStillAtUs = nowUs;
    if (isNew) this.log.warn('the process stood still', { forMs: Math.round(lateUs / 1_000) });
  }

  troubles(): Trouble[] {
    const troubles = this.bus.troubles();
    const nowUs = this.clock.nowUs();
    if (nowUs - this.stoodStillAtUs <= STOOD_STILL_TOLD_US) {
      const summary = `the process of ${this.service} stood still for up to ${(this.stoodStillForUs / 1e6).toFixed(1)} s (it was stopped, its machine slept or had too much to do, or its `
        + 'clock was set), and handled late what came meanwhile: latencies of the last minute say nothing';
      troubles.push({ key: STOOD_STILL, severity: 'warning', summary });
    }
    if (nowUs - this.failedAtUs <= TOLD_FOR_US) {
      const summary = `a handler of ${this.service} failed, and what it was called for is not done (${this.lastFault}): the log has it`;
      troubles.push({ key: 'handler-failed', severity: OF_MONEY.has(this.service) ? 'critical' : 'warning', summary });
    }
    const doubt = this.tellsForAll ? (this.clock.doubt?.() ?? null) : null;
    if (doubt !== null) {
      const stops = STOPPED_BY_CLOCK.has(this.service) ? { stopsTrading: true as const } : {};
      troubles.push({ key: 'clock', severity: 'critical', summary: doubt, ...stops });
    }
    return troubles;
  }
}

/**
 * The context as a service gets it from its host: what its handlers and timers throw is logged, counted and told in its
 * health, and ends neither the service nor its neighbours in the process. What it measures of its stages is told with it.
 */
export function watched(context: ServiceContext, service: ServiceName, tellsForAll = true): ServiceContext {
  const { bus, clock, log } = context;
  const watch = new HostWatch(service, clock, log, tellsForAll);
  followFaults(bus, watch, log);
  bus.onStatus((status) => watch.bus.onStatus(status));
  return { ...context, timers: guarded(context.timers, clock, watch), watch, latencies: new StageLatencies() };
}

function followFaults(bus: Bus, watch: HostWatch, log: ServiceLog): void {
  bus.onFault(({ from, place, error }) => {
    if (from === 'handler') watch.failed(error, place);
    else log.error('the bus failed at something and tries again', { place, error: String(error) });
  });
}

/** What was thrown on purpose says itself where and why; of anything else the stack does. */
function textOf(error: unknown): string {
  if (error instanceof ParallaxError || !(error instanceof Error)) return String(error);
  return error.stack ?? error.message;
}

function guarded(timers: Timers, clock: Clock, watch: HostWatch): Timers {
  return {
    after: (delayMs, callback) => {
      const dueUs = clock.nowUs() + Math.max(0, delayMs) * 1_000;
      return timers.after(delayMs, () => {
        watch.onTimer(clock.nowUs() - dueUs);
        try {
          callback();
        } catch (error) {
          watch.failed(error, 'a timer');
        }
      });
    },
  };
}
