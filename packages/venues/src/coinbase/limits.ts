import type { VenueLimits } from '../shared/definition.js';

/**
 * 8 connections and 8 unauthenticated messages a second and address; 10 public REST requests a second. The venue gives
 * no number of products a connection; because one lost message costs all books of a connection, few share one.
 */
export const LIMITS: VenueLimits = {
  connectionsPerMinute: 480,
  messagesPerSecond: 8,
  streamsPerConnection: 30,
  restWeightPerMinute: 600,
};
