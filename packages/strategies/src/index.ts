export * from './options.js';
export * from './plan-of.js';
export * from './strategy.js';
export * from './take-worth-taking.js';
