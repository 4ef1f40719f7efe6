import { openLastValues, type OpenLastValues } from '@parallax/cache';
import { readConfiguration, type Environment } from '@parallax/config';
import type { ServiceContext } from '@parallax/runtime';

/**
 * The last values of this process: in Redis where REDIS_URL names one, else in the process alone. Who opens them closes them.
 * @throws ParallaxError `CONFIG_REFUSED` naming the variable.
 */
export function lastValuesOf(environment: Environment, ports: Pick<ServiceContext, 'clock' | 'timers' | 'log'>): OpenLastValues {
  const { REDIS_URL: url, PARALLAX_MARKET: market } = readConfiguration(environment, ['REDIS_URL', 'PARALLAX_MARKET']);
  return openLastValues({ ...ports, url, market });
}
