export * from './shared/definition.js';
export * from './shared/reader.js';
export * from './shared/updates.js';
