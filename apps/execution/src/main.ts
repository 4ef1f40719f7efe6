import { runService } from '@parallax/service-host';
import { executionDefinition } from './from-environment.js';

/** Execution as a process of its own, joined to NATS_URL. */
await runService(executionDefinition);
