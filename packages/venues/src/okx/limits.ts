import type { VenueLimits } from '../shared/definition.js';

/**
 * 3 new connections a second and address; 480 subscribe, unsubscribe and login requests an hour and connection (one
 * every 7.5 s on average, so requests name many channels at once); instruments 20 and books 40 requests per 2 s.
 * The venue gives no number of channels a connection; 240 keeps one lost connection from costing too many books.
 */
export const LIMITS: VenueLimits = {
  connectionsPerMinute: 180,
  messagesPerSecond: 3,
  streamsPerConnection: 240,
  restWeightPerMinute: 600,
};
