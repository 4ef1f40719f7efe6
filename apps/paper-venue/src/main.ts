import { runService } from '@parallax/service-host';
import { paperVenueDefinition } from './from-environment.js';

/** The paper venues as a process of their own, joined to NATS_URL. */
await runService(paperVenueDefinition);
