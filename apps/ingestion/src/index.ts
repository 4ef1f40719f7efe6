export { IngestionService } from './ingestion-service.js';
export { Fetch, WebSockets } from './system-sockets.js';
export type { VenueSelection } from './venue-ingestion.js';
export { ingestionDefinition, ingestionOf } from './from-environment.js';
