import type { Bus } from '@parallax/bus';
import type { Clock, LastValues, Random, ServiceHealth, ServiceName, Timers, Tracing, Trouble } from '@parallax/types';

/** What every service is given; the same in its own process, all in one, and in replay. */
export interface ServiceContext {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: ServiceLog;
  /** Names this instance among replicas. */
  readonly instance: string;
  /** Absent: the service leaves no trace. */
  readonly tracing?: Tracing;
  /** Absent, as in a replay: the service begins with nothing and leaves nothing to the next. */
  readonly lastValues?: LastValues;
}

export interface ServiceLog {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export interface Service {
  readonly name: ServiceName;
  /** Resolves when the service is subscribed and has rebuilt its state. */
  start(): Promise<void>;
  /** Finishes what is under way and lets go of everything it started. */
  stop(): Promise<void>;
  health(): ServiceHealth;
}

/** Calls back every `everyMs` until stopped; the next round begins when the last is done. */
export function repeat(timers: Timers, everyMs: number, round: () => void): () => void {
  let cancel = timers.after(everyMs, tick);
  function tick(): void {
    cancel = timers.after(everyMs, tick);
    round();
  }
  return () => cancel();
}

/** Builds what a service says of itself; it is ready when nothing is missing. */
export function healthOf(
  service: Service['name'], context: ServiceContext, startedAtUs: number, missing: readonly string[],
  counters: Readonly<Record<string, number>> = {}, latencies: ServiceHealth['latencies'] = {}, troubles: readonly Trouble[] = [],
): ServiceHealth {
  const { clock, instance } = context;
  const health = { service, instance, ready: missing.length === 0, missing, startedAtUs, atUs: clock.nowUs(), counters, latencies };
  return troubles.length === 0 ? health : { ...health, troubles };
}
