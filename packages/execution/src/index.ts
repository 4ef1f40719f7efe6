export type { Dust } from './dust-book.js';
export * from './execution-core.js';
export * from './exit-order.js';
export * from './ledger.js';
export * from './order-id.js';
export * from './order-table.js';
export * from './permission.js';
export * from './ports.js';
