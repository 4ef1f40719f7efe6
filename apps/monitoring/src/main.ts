import { runService } from '@parallax/service-host';
import { monitoringDefinition } from './from-environment.js';

/** Monitoring as a process of its own, joined to NATS_URL. */
await runService(monitoringDefinition);
