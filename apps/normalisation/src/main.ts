import { runService } from '@parallax/service-host';
import { normalisationDefinition } from './from-environment.js';

/** Normalisation as a process of its own, joined to NATS_URL. */
await runService(normalisationDefinition);
