import { runService } from '@parallax/service-host';
import { arbitrageDefinition } from './from-environment.js';

/** Arbitrage as a process of its own, joined to NATS_URL. */
await runService(arbitrageDefinition);
