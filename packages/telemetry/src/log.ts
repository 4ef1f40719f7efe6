import { pino, type DestinationStream } from 'pino';
import type { Clock } from '@parallax/types';
import { textWithoutSecrets, withoutSecrets } from './redaction.js';

/** One JSON object a line: `{level, time, service, instance, msg, ...fields}`; secrets are hidden before it is written. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  /** A log whose lines carry further fields. */
  with(fields: Record<string, unknown>): Log;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LogOptions {
  readonly service: string;
  readonly instance: string;
  readonly level?: LogLevel;
  /** Time of the lines; default: the machine's. In a replay, the events' clock. */
  readonly clock?: Clock;
  /** Default: standard error, so that a command's output stays its own. */
  readonly destination?: DestinationStream;
}

export function createLog({ service, instance, level = 'info', clock, destination = pino.destination(2) }: LogOptions): Log {
  const timestamp = clock === undefined ? pino.stdTimeFunctions.isoTime : (): string => `,"time":"${new Date(clock.nowUs() / 1000).toISOString()}"`;
  const options = { level, base: { service, instance }, timestamp, formatters: { level: (label: string) => ({ level: label }) } };
  return wrap(pino(options, destination));
}

function wrap(logger: pino.Logger): Log {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields?: Record<string, unknown>): void => {
      if (!logger.isLevelEnabled(level)) return;
      logger[level](withoutSecrets(fields ?? {}) as object, textWithoutSecrets(message));
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    with: (fields) => wrap(logger.child(withoutSecrets(fields) as pino.Bindings)),
  };
}
