export * from './journal.js';
export * from './paper-venue.js';
