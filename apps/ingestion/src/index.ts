export { IngestionService } from './ingestion-service.js';
export { Fetch, WebSockets } from './system-sockets.js';
export type { VenueSelection } from './venue-ingestion.js';
export { createIngestionService, selectionsOf } from './from-environment.js';
