import type { VenueLimits } from '../shared/definition.js';

/** Spot: 300 connection attempts per 5 minutes, 5 messages a second, 1024 streams a connection, 6000 weight a minute. */
export const LIMITS: VenueLimits = {
  connectionsPerMinute: 60,
  messagesPerSecond: 5,
  streamsPerConnection: 1024,
  restWeightPerMinute: 6000,
};
