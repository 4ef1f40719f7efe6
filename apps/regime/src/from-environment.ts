import type { Environment } from '@parallax/config';
import type { ServiceContext } from '@parallax/runtime';
import { RegimeService } from './regime-service.js';

/** Regime detection; nothing of it depends on the environment. */
export function createRegimeService(context: ServiceContext, _environment: Environment): RegimeService {
  return new RegimeService(context);
}
