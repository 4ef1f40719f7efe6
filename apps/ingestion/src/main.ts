import { runService } from '@parallax/service-host';
import { createIngestionService } from './from-environment.js';

/** Ingestion as a process of its own, joined to NATS_URL. */
await runService('ingestion', createIngestionService);
