export * from './default-scenario.js';
export * from './events.js';
export * from './instrument-market.js';
export * from './market-model.js';
export * from './market-sink.js';
export * from './model-book.js';
export * from './scenario.js';
export * from './seeded-random.js';
