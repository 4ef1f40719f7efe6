import type { Bus } from '@parallax/bus';
import { StageLatency, type StageLatencies } from '@parallax/telemetry';
import type { Clock, Counters, LastValues, Random, ServiceHealth, ServiceName, StageName, Timers, Tracing, Trouble } from '@parallax/types';

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
  /** What the service's host sees go wrong; absent, as in a replay: nobody looks, and faults end what runs. */
  readonly watch?: ServiceWatch;
  /** How long the service's stages take it, for its health and for scrapers; absent, as in a replay: nobody looks. */
  readonly latencies?: StageLatencies;
}

/** Where a service tells how long a stage of its own took; to be asked for once. */
export function latencyOf({ latencies }: Pick<ServiceContext, 'latencies'>, stage: StageName): StageLatency {
  return latencies?.of(stage) ?? new StageLatency();
}

/** Where a service tells of what it caught itself and cannot mend: to its host, or without one to the log. */
export function failedOf({ watch, log }: Pick<ServiceContext, 'watch' | 'log'>): ServiceWatch['failed'] {
  if (watch) return (error, place) => watch.failed(error, place);
  return (error, place) => log.error('a handler failed', { place, error: String(error) });
}

/** A service as its host sees it, beside what the service says itself; it becomes part of the service's health. */
export interface ServiceWatch {
  readonly counters: Counters;
  /** Something of the service threw; `place` is what it was called for. */
  failed(error: unknown, place: string): void;
  /** What stands at this moment. */
  troubles(): readonly Trouble[];
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

/** Calls back every `everyMs` until stopped; what a round throws, or has begun and not finished, keeps the next from nothing. */
export function repeat(timers: Timers, everyMs: number, round: () => void): () => void {
  let cancel = timers.after(everyMs, tick);
  function tick(): void {
    cancel = timers.after(everyMs, tick);
    round();
  }
  return () => cancel();
}

/** Builds what a service says of itself, with what its host sees; it is ready when nothing is missing. `degraded`: see ServiceHealth. */
export function healthOf(
  service: Service['name'], context: ServiceContext, startedAtUs: number, missing: readonly string[],
  counters: Counters = {}, troubles: readonly Trouble[] = [], degraded: readonly string[] = [],
): ServiceHealth {
  const { clock, instance, latencies, tracing, watch } = context;
  const atUs = clock.nowUs();
  const health: ServiceHealth = {
    service, instance, ready: missing.length === 0, missing, startedAtUs, atUs, latencies: latencies?.recent(atUs) ?? {},
    counters: { ...counters, ...watch?.counters, ...tracing?.counters },
    ...(degraded.length === 0 ? {} : { degraded }),
  };
  const standing = [...troubles, ...(watch?.troubles() ?? [])];
  return standing.length === 0 ? health : { ...health, troubles: standing };
}

/** The health of an instance that waits for the lease, or has it and is not done with taking over: then something is missing. */
export const standingBy = (health: ServiceHealth): ServiceHealth => ({ ...health, ready: false, standsBy: true });
