import { runService } from '@parallax/service-host';
import { createPaperVenueService } from './from-environment.js';

/** The paper venues as a process of their own, joined to NATS_URL. */
await runService('paper', createPaperVenueService);
