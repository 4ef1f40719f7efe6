/** Servers, without what needs a test runner, so that benches may use them too. */
export * from './nats-server.js';
export * from './programs.js';
export * from './redis-server.js';
