import type { VenueLimits } from '../shared/definition.js';

/**
 * About 150 connection attempts in 10 minutes and address; subscribing is rate-limited without a published figure; one
 * public REST call a second and address. 150 channels of one connection keep a lost one from costing too many books.
 */
export const LIMITS: VenueLimits = {
  connections: { amount: 150, everyMs: 600_000 },
  messages: { amount: 10, everyMs: 1_000 },
  streamsPerConnection: 150,
  restWeight: { amount: 1, everyMs: 1_000 },
};
