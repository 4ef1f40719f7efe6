export * from './busy-sides.js';
export * from './options.js';
export * from './plan-of.js';
export * from './strategy.js';
export * from './take-worth-taking.js';
