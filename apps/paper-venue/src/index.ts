export { FileJournal } from './file-journal.js';
export { PaperVenueService, type PaperVenueConfiguration } from './paper-venue-service.js';
export { paperVenueDefinition, paperVenuesOf } from './from-environment.js';
