/** What needs no test runner, so that benches may use it too. */
export * from './nats-server.js';
export * from './programs.js';
export * from './redis-server.js';
