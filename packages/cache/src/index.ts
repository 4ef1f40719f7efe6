export * from './last-values.js';
export * from './memory-last-values.js';
export * from './open-last-values.js';
export * from './redis-last-values.js';
export * from './stored-values.js';
export * from './system-redis.js';
