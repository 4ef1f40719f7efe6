export * from './fees.js';
export * from './latency.js';
export * from './matching-engine.js';
export * from './matching-terms.js';
export * from './paper/index.js';
export * from './queue-model.js';
export * from './virtual-time.js';
