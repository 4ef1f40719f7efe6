import { connectNats, passwordVariable, type Bus } from '@parallax/bus';
import { readConfiguration, VARIABLES, type Environment, type VariableName } from '@parallax/config';
import type { Log } from '@parallax/telemetry';
import { ParallaxError, type Clock, type ServiceName } from '@parallax/types';
import { TOPOLOGY } from '@parallax/wire';

const HOW = '`bin/parallax services up` starts a nats-server, `bin/parallax provision` prepares it';

/** @throws ParallaxError `CONFIG_REFUSED` without NATS_URL. */
export function refuseWithoutNats(environment: Environment): string {
  const { NATS_URL } = readConfiguration(environment, ['NATS_URL']);
  if (NATS_URL !== undefined) return NATS_URL;
  throw new ParallaxError('CONFIG_REFUSED', `a service by itself needs NATS_URL, the address of a nats-server: ${HOW}`, { place: 'NATS_URL' });
}

/**
 * Joins the bus as the service's own user.
 * @throws ParallaxError `CONFIG_REFUSED` without NATS_URL, else as connectNats; each says what would help.
 */
export async function joinAs(service: ServiceName, instance: string, environment: Environment, { clock, log }: { clock: Clock; log: Log }): Promise<Bus> {
  const NATS_URL = refuseWithoutNats(environment);
  const credentials = credentialsOf(service, environment);
  try {
    return await connectNats({
      servers: NATS_URL.split(','), name: instance, topology: TOPOLOGY, ports: { clock }, ...credentials,
      // Until the host listens itself.
      onFault: ({ place, error }) => log.error('the bus failed', { place, error: String(error) }),
    });
  } catch (error) {
    if (!(error instanceof ParallaxError)) throw error;
    const help = error.code === 'BUS_REFUSED' ? `; its password belongs into ${passwordVariable(service)}` : error.code === 'SERVICE_MISSING' ? `: ${HOW}` : '';
    throw new ParallaxError(error.code, `${error.message}${help}`, { cause: error, retryable: error.retryable });
  }
}

/** Without a password the server is taken to know no users. */
function credentialsOf(service: ServiceName, environment: Environment): { user: string; password: string } | Record<string, never> {
  const variable = passwordVariable(service);
  if (!Object.hasOwn(VARIABLES, variable)) throw new ParallaxError('INTERNAL', `no variable holds the password of the user ${service}`);
  const name = variable as VariableName;
  const password = readConfiguration(environment, [name])[name];
  return typeof password === 'string' ? { user: service, password } : {};
}
