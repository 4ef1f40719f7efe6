import { runService } from '@parallax/service-host';
import { monitoringDefinition } from './from-environment.js';

/** Monitoring as a process of its own, joined to NATS_URL; it answers probes by itself. */
await runService(monitoringDefinition);
