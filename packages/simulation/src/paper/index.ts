export * from './journal.js';
export * from './journal-lines.js';
export { KEEP_CLOSED_US } from './paper-orders.js';
export * from './paper-venue.js';
export { shortenJournal } from './shorten-journal.js';
export type { TakenRecord } from './taken-record.js';
export { VenueFaults, type FaultShares } from './venue-faults.js';
