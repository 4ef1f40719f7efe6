import type { LoggerService } from '@nestjs/common';
import type { ServiceLog } from '@parallax/runtime';

/** Nest's own troubles in the service's log; what Nest tells of its start is left out. */
export function nestLog(log: ServiceLog): LoggerService {
  const fields = (rest: unknown[]): Record<string, unknown> => (rest.length === 0 ? {} : { from: rest.at(-1) });
  return {
    log: () => {},
    warn: (message: unknown, ...rest: unknown[]) => log.warn(String(message), fields(rest)),
    error: (message: unknown, ...rest: unknown[]) => log.error(String(message), fields(rest)),
  };
}
