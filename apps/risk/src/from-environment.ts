import { paperBalances, settingsOf, type Environment } from '@parallax/config';
import type { ServiceContext } from '@parallax/runtime';
import { VENUES } from '@parallax/venues';
import { DEFAULT_RISK_CONFIGURATION } from './configuration.js';
import { RiskService } from './risk-service.js';

/** Risk over the configured account; one of its instances judges, by a lease. */
export function createRiskService(context: ServiceContext, environment: Environment): RiskService {
  const { account, venues, limits } = settingsOf(environment, VENUES);
  const accounts = [{ account, limits, balances: paperBalances(account, venues) }];
  return new RiskService({ ...context, configuration: { ...DEFAULT_RISK_CONFIGURATION, accounts } });
}
