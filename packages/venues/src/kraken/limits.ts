import type { VenueLimits } from '../shared/definition.js';

/**
 * About 150 connection attempts in 10 minutes and address; subscribing is rate-limited without a published figure; one
 * public REST call a second and address. 150 channels of one connection keep a lost one from costing too many books.
 */
export const LIMITS: VenueLimits = {
  connectionsPerMinute: 15,
  messagesPerSecond: 10,
  streamsPerConnection: 150,
  restWeightPerMinute: 60,
};
