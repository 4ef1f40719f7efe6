import { Redis } from 'ioredis';

/** The few commands that the cache needs, so that a cluster or another client can stand behind it. */
export interface RedisPort {
  /** Runs a script on one key. */
  script(lua: string, key: string, parameters: readonly (string | Buffer)[]): Promise<unknown>;
  fields(key: string): Promise<Readonly<Record<string, Buffer>>>;
  members(key: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/**
 * Connects to a Redis (7.0 or newer) in the background and keeps trying. While it is away a command fails within 2 s, so
 * that none pile up; `onFault` hears why, at most once for each loss.
 */
export function connectRedis(url: string, onFault: (message: string) => void = () => undefined): RedisPort {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: true,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    retryStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 6), 2_000),
  });
  let told = false;
  redis.on('error', (error: Error) => {
    if (!told) onFault(error.message);
    told = true;
  });
  redis.on('ready', () => (told = false));
  return {
    script: (lua, key, parameters) => redis.eval(lua, 1, key, ...parameters),
    fields: (key) => redis.hgetallBuffer(key),
    members: (key) => redis.smembers(key),
    async close() {
      if (redis.status === 'ready') await redis.quit().catch(() => undefined);
      redis.disconnect();
    },
  };
}
