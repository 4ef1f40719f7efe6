import type { LoggerService } from '@nestjs/common';
import type { Log } from '@parallax/telemetry';

/** Nest's own lines in the service's log; what it tells of its start is for debugging alone. */
export function nestLog(log: Log): LoggerService {
  const fields = (rest: unknown[]): Record<string, unknown> => (rest.length === 0 ? {} : { from: rest.at(-1) });
  return {
    log: (message: unknown, ...rest: unknown[]) => log.debug(String(message), fields(rest)),
    warn: (message: unknown, ...rest: unknown[]) => log.warn(String(message), fields(rest)),
    error: (message: unknown, ...rest: unknown[]) => log.error(String(message), fields(rest)),
  };
}
