export * from './back-off.js';
export * from './connection-core.js';
export * from './snapshot-planner.js';
export * from './token-bucket.js';
