import type { ServiceDefinition } from '@parallax/service-host';
import { RegimeService } from './regime-service.js';

/** Regime detection; nothing of it depends on the environment. */
export const regimeDefinition: ServiceDefinition<RegimeService> = {
  name: 'regime',
  create: (context) => new RegimeService(context),
};
