export * from './book-cures.js';
export * from './clock-offset.js';
export * from './finer-numbers.js';
export * from './resync-requests.js';
export * from './rhythm.js';
export * from './sink.js';
export * from './symbol-market.js';
export * from './venue-normaliser.js';
