import type { VenueLimits } from '../shared/definition.js';

/**
 * 8 connections and 8 unauthenticated messages a second and address; 10 public REST requests a second. The venue gives
 * no number of products a connection; because one lost message costs all books of a connection, few share one.
 */
export const LIMITS: VenueLimits = {
  connections: { amount: 8, everyMs: 1_000 },
  messages: { amount: 8, everyMs: 1_000 },
  addressMessages: { amount: 8, everyMs: 1_000 },
  streamsPerConnection: 30,
  restWeight: { amount: 10, everyMs: 1_000 },
};
