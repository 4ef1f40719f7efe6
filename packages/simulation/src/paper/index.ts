export * from './journal.js';
export * from './paper-venue.js';
export { shortenJournal } from './shorten-journal.js';
