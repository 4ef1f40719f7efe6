import { runService } from '@parallax/service-host';
import { ingestionDefinition } from './from-environment.js';

/** Ingestion as a process of its own, joined to NATS_URL. */
await runService(ingestionDefinition);
