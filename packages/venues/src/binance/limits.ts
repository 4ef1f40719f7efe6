import type { VenueLimits } from '../shared/definition.js';

/** Spot: 300 connection attempts per 5 minutes, 5 messages a second, 1024 streams a connection, 6000 weight a minute. */
export const LIMITS: VenueLimits = {
  connections: { amount: 300, everyMs: 300_000 },
  messages: { amount: 5, everyMs: 1_000 },
  streamsPerConnection: 1024,
  restWeight: { amount: 6_000, everyMs: 60_000 },
};

/** Futures: 10 messages a second and 2400 weight a minute; of streams a connection the lower of the documented figures (200, 1024). */
export const FUTURES_LIMITS: VenueLimits = {
  connections: { amount: 300, everyMs: 300_000 },
  messages: { amount: 10, everyMs: 1_000 },
  streamsPerConnection: 200,
  restWeight: { amount: 2_400, everyMs: 60_000 },
};
