export * from './name.js';
export * from './system-files.js';
export * from './tape.js';
export * from './writer.js';
