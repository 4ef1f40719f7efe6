import { runService } from '@parallax/service-host';
import { riskDefinition } from './from-environment.js';

/** Risk as a process of its own, joined to NATS_URL. */
await runService(riskDefinition);
