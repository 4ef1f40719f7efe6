import { readConfiguration, systemEnvironment } from '@parallax/config';
import { SystemTimers } from '@parallax/runtime';
import { createLog, standardError, textWithoutSecrets } from '@parallax/telemetry';
import { ParallaxError, type ServiceName } from '@parallax/types';
import type { ServiceDefinition } from './definition.js';
import { askedToEnd } from './asked-to-end.js';
import { endOnFault } from './end-on-fault.js';
import { startService, type HostedService, type HostOptions } from './host.js';

/**
 * A service as the process's one work: runs until it is asked to end ({@link askedToEnd}), then stops in order and exits with 0, or with 1
 * where that takes longer than `STOP_WITHIN_MS`. What cannot start is said in one sentence, and the process exits with 1.
 * A fault that nothing caught is a line of the log, and ends it in order as well, with 1.
 */
export async function runService(definition: ServiceDefinition, options: HostOptions = {}): Promise<void> {
  const environment = options.environment ?? systemEnvironment();
  const signalled = askedToEnd();
  let stop = (): Promise<void> => Promise.resolve();
  const start = async (): Promise<{ host: HostedService; limitMs: number }> => {
    const { STOP_WITHIN_MS: limitMs } = readConfiguration(environment, ['STOP_WITHIN_MS']);
    endOnFault({ log: createLog({ service: definition.name, instance: `${definition.name}-${process.pid}` }), limitMs, stop: () => stop() });
    const host = await startService(definition, { environment });
    stop = () => host.stop();
    return { host, limitMs };
  };
  const started = await Promise.race([start(), signalled]).catch((error: unknown) => refuse(definition.name, error));
  // What is asked to end while it starts has nothing under way yet.
  if (typeof started === 'string') process.exit(0);
  await finish(started.host, await signalled, started.limitMs);
}

async function finish({ log, stop }: HostedService, signal: string, limitMs: number): Promise<never> {
  log.info('the service stops', { signal });
  new SystemTimers().after(limitMs, () => {
    log.error('something did not end in time and is left', { limitMs });
    process.exit(1);
  });
  try {
    await stop();
  } catch (error) {
    log.error('the service did not stop in order', { error: String(error) });
    process.exit(1);
  }
  log.info('the service has stopped');
  process.exit(0);
}

/** To a person in plain words, else as a line of the log. */
function refuse(name: ServiceName, error: unknown): never {
  if (process.stderr.isTTY && error instanceof ParallaxError) {
    standardError.write(textWithoutSecrets(`${name}: ${error.message}${error.place === undefined ? '' : ` (${error.place})`}\n`));
    process.exit(1);
  }
  const log = createLog({ service: name, instance: `${name}-${process.pid}` });
  if (error instanceof ParallaxError) log.error(error.message, { code: error.code, ...(error.place === undefined ? {} : { place: error.place }) });
  else log.error('the service could not start', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exit(1);
}
