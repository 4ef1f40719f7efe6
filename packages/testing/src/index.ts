export * from './describe-with.js';
export * from './free-port.js';
export * from './nats-server.js';
export * from './otlp-receiver.js';
export * from './programs.js';
export * from './recordings.js';
export * from './redis-server.js';
export * from './server-process.js';
