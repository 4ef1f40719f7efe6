import { runService } from '@parallax/service-host';
import { gatewayDefinition } from './from-environment.js';

/** The gateway as a process of its own, joined to NATS_URL. */
await runService(gatewayDefinition);
