import { ParallaxError, type Clock, type Timers } from '@parallax/types';
import type { OpenLastValues } from './last-values.js';
import { MemoryLastValues } from './memory-last-values.js';
import { RedisLastValues, type CacheLog } from './redis-last-values.js';
import { connectRedis } from './system-redis.js';

export interface LastValuesOptions {
  /** Of a Redis; undefined: in this process only. */
  readonly url: string | undefined;
  /** Which market this is: values of another one under the same address are not seen. */
  readonly market: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: CacheLog;
}

/**
 * Opens the last values of a process. A Redis that is away is no fault: it is looked for from the first use on, and said once.
 * @throws ParallaxError `CONFIG_REFUSED` for an address that no client can read.
 */
export function openLastValues({ url, market, ...ports }: LastValuesOptions): OpenLastValues {
  if (url === undefined) return new MemoryLastValues();
  try {
    return new RedisLastValues({ ...ports, redis: connectRedis(url), place: new URL(url).host, market });
  } catch {
    // The fault itself may quote the password.
    const message = 'REDIS_URL cannot be read: signs like % in its user or password must be percent-encoded';
    throw new ParallaxError('CONFIG_REFUSED', message, { place: 'REDIS_URL' });
  }
}
