import { runService } from '@parallax/service-host';
import { createRegimeService } from './from-environment.js';

/** Regime detection as a process of its own, joined to NATS_URL. */
await runService('regime', createRegimeService);
