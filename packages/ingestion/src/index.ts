export * from './back-off.js';
export * from './connection-core.js';
export * from './missing.js';
export * from './missing-troubles.js';
export * from './near-symbols.js';
export * from './rate-limit.js';
export * from './snapshot-planner.js';
export * from './venue-streams.js';
