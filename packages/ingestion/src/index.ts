export * from './back-off.js';
export * from './connection-core.js';
export * from './rate-limit.js';
export * from './snapshot-planner.js';
