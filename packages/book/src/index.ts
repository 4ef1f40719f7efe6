export * from './book.js';
export * from './book-follower.js';
export * from './book-keeper.js';
export * from './depth-update.js';
export * from './join-rule.js';
export * from './ladder-book.js';
export { isChained } from './links.js';
export * from './trust-table.js';
export * from './unreadable-levels.js';
