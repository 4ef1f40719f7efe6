export * from './accounts.js';
export * from './raw-frames.js';
export * from './row-parts.js';
export * from './rows.js';
export * from './schemas/index.js';
export * from './subjects.js';
export * from './topology.js';
