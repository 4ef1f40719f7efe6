export * from './environment-document.js';
export * from './kinds.js';
export * from './paper-faults.js';
export * from './read-configuration.js';
export * from './refuse-together.js';
export * from './settings.js';
export * from './system-environment.js';
export * from './variables.js';
