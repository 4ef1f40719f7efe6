export * from './rows.js';
export * from './subjects.js';
export * from './topology.js';
