export { fileJournals, memoryJournals, type JournalOpener, type KeptJournal } from './kept-journal.js';
export { PaperVenueService } from './paper-venue-service.js';
export { paperVenueDefinition, paperVenuesOf } from './from-environment.js';
export type { PaperVenueConfiguration, SeatOptions } from './venue-seat.js';
