import { runService } from '@parallax/service-host';
import { createArbitrageService } from './from-environment.js';

/** Arbitrage as a process of its own, joined to NATS_URL. */
await runService('arbitrage', createArbitrageService);
