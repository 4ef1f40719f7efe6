import type { VenueLimits } from '../shared/definition.js';

/**
 * 3 new connections a second and address; 480 subscribe, unsubscribe and login requests an hour and connection (one
 * every 7.5 s on average, so requests name many channels at once); instruments 20 and books 40 requests per 2 s.
 * The venue gives no number of channels a connection; 240 keeps one lost connection from costing too many books.
 */
export const LIMITS: VenueLimits = {
  connections: { amount: 3, everyMs: 1_000 },
  messages: { amount: 480, everyMs: 3_600_000 },
  streamsPerConnection: 240,
  restWeight: { amount: 40, everyMs: 2_000 },
};
