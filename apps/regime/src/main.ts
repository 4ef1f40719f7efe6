import { runService } from '@parallax/service-host';
import { regimeDefinition } from './from-environment.js';

/** Regime detection as a process of its own, joined to NATS_URL. */
await runService(regimeDefinition);
