export { runSimulator } from './run-simulator.js';
export { ModelExchange } from './model-exchange.js';
export * from './simulator.js';
export type { Dialects } from './venues/index.js';
