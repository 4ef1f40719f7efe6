export * from './journal.js';
export { KEEP_CLOSED_US } from './paper-orders.js';
export * from './paper-venue.js';
export { shortenJournal } from './shorten-journal.js';
export type { TakenRecord } from './taken-record.js';
