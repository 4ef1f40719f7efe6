export * from './book.js';
export * from './join-rule.js';
