export * from './subjects.js';
export * from './topology.js';
