import { runService } from '@parallax/service-host';
import { createNormalisationService } from './from-environment.js';

/** Normalisation as a process of its own, joined to NATS_URL. */
await runService('normalisation', createNormalisationService);
