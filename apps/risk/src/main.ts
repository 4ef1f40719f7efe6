import { runService } from '@parallax/service-host';
import { createRiskService } from './from-environment.js';

/** Risk as a process of its own, joined to NATS_URL. */
await runService('risk', createRiskService);
