import type { Environment } from '@parallax/config';
import type { ServiceContext } from '@parallax/runtime';
import { VENUES } from '@parallax/venues';
import { NormalisationService } from './normalisation-service.js';

/** Normalisation of every venue that Parallax reads; nothing of it depends on the environment. */
export function createNormalisationService(context: ServiceContext, _environment: Environment): NormalisationService {
  return new NormalisationService(context, VENUES);
}
