import { Redis } from 'ioredis';

/** The few commands that the cache needs, so that a cluster or another client can stand behind it. All reject in bounded time. */
export interface RedisPort {
  /** Runs a script on one key. */
  script(lua: string, key: string, parameters: readonly (string | Buffer)[]): Promise<unknown>;
  fields(key: string): Promise<Readonly<Record<string, Buffer>>>;
  /** Lets go at once. */
  close(): void;
}

const TIMEOUT_MS = 2_000;
/** What is to be said has been answered by then; a server that does not close its side is left. */
const DISCONNECT_MS = 100;

/**
 * A client of a Redis (7.0 or newer). It connects at its first command and from then on keeps trying in the background; while
 * the server is away a command fails within 2 s, so that none pile up. Reasons never hold the address or its password.
 */
export function connectRedis(url: string): RedisPort {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_MS,
    retryStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 6), TIMEOUT_MS),
  });
  // A command that fails meanwhile says only that its tries were used up.
  let unreachable: string | null = null;
  redis.on('error', (error: Error) => (unreachable = reasonOf(error)));
  redis.on('ready', () => (unreachable = null));
  // Not with the fault as its cause: a command's fault carries its arguments, the password among them.
  const asked = <Result>(answer: Promise<Result>): Promise<Result> =>
    answer.catch((error: Error): never => {
      throw new Error(unreachable ?? reasonOf(error));
    });
  return {
    script: (lua, key, parameters) => asked(redis.eval(lua, 1, key, ...parameters)),
    fields: (key) => asked(redis.hgetallBuffer(key)),
    close: () => redis.disconnect(),
  };
}

/** Node gives connection faults of several addresses together, with an empty message. */
const reasonOf = (error: Error & { code?: string }): string => error.message || error.code || 'no reason given';
