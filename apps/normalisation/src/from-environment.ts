import type { ServiceDefinition } from '@parallax/service-host';
import { VENUES } from '@parallax/venues';
import { NormalisationModule } from './normalisation.module.js';
import { NormalisationService } from './normalisation-service.js';

/** Normalisation of every venue that Parallax reads; nothing of it depends on the environment. */
export const normalisationDefinition: ServiceDefinition<NormalisationService> = {
  name: 'normalisation',
  create: (context) => new NormalisationService(context, VENUES),
  module: (service) => NormalisationModule.of(service),
};
