import { pino, type DestinationStream } from 'pino';
import type { Clock, Timers } from '@parallax/types';
import { keyOf } from './line-key.js';
import { textWithoutSecrets, withoutSecrets } from './redaction.js';
import { Repeats } from './repeats.js';
import { standardError } from './standard-error.js';
import { systemPace } from './system-pace.js';

/**
 * One JSON object a line: `{level, time, service, instance, msg, ...fields}`; secrets are hidden before it is written. A warning
 * or error that comes again and again is one line a minute, the newest, with `repeated`: see {@link Repeats}. What lasts has a begin and an end, and a number, `occurrence`, that
 * makes each of its two lines one that did not come before: both are written at once.
 */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  /** A log whose lines carry further fields. */
  with(fields: Record<string, unknown>): Log;
  /** Writes what is held back of lines that came again. */
  flush(): void;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LogOptions {
  readonly service: string;
  readonly instance: string;
  readonly level?: LogLevel;
  /** Time of the lines; default: the machine's. In a replay, the events' clock. */
  readonly clock?: Clock;
  /** Default: standard error, so that a command's output stays its own. Where that takes no lines they are lost, and told of once it does again. */
  readonly destination?: DestinationStream;
  /** By which repeated lines are held back; default: the machine's. */
  readonly pace?: Pace;
}

interface Pace {
  readonly clock: Clock;
  readonly timers: Timers;
}

/** For each log on standard error, what writes the rest of it; how often something happened last must not be lost with the process, or thread. */
const rests: (() => void)[] = [];
const writeRests = (): void => {
  for (const write of rests) write();
  standardError.flush();
};

export function createLog({ destination, ...options }: LogOptions): Log {
  if (destination !== undefined) return logTo(destination, options);
  const log = logTo(standardError, options);
  if (rests.length === 0) {
    process.once('exit', writeRests);
    standardError.onBack = (lost, reason) => log.warn('lines of the log could not be written', { lost, reason });
  }
  rests.push(() => log.flush());
  return log;
}

function logTo(destination: DestinationStream, { service, instance, level = 'info', clock, pace = systemPace }: Omit<LogOptions, 'destination'>): Log {
  const timestamp = clock === undefined ? pino.stdTimeFunctions.isoTime : (): string => `,"time":"${new Date(clock.nowUs() / 1000).toISOString()}"`;
  const options = { level, base: { service, instance }, timestamp, formatters: { level: (label: string) => ({ level: label }) } };
  return wrap(pino(options, destination), new Repeats(pace.clock, pace.timers), {});
}

function wrap(logger: pino.Logger, repeats: Repeats, bound: Record<string, unknown>): Log {
  const write = (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields: Record<string, unknown>): void =>
    logger[level](withoutSecrets(fields) as object, textWithoutSecrets(message));
  const always =
    (level: 'debug' | 'info') =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      if (logger.isLevelEnabled(level)) write(level, message, fields);
    };
  const seldom =
    (level: 'warn' | 'error') =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      if (!logger.isLevelEnabled(level)) return;
      repeats.take(keyOf(level, message, { ...bound, ...fields }), (repeated) => write(level, message, repeated === 0 ? fields : { ...fields, repeated }));
    };
  return {
    debug: always('debug'),
    info: always('info'),
    warn: seldom('warn'),
    error: seldom('error'),
    with: (fields) => wrap(logger.child(withoutSecrets(fields) as pino.Bindings), repeats, { ...bound, ...fields }),
    flush: () => repeats.flush(),
  };
}
