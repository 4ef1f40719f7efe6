export { runSimulator } from './run-simulator.js';
export * from './simulator.js';
export type { Dialects } from './venues/index.js';
