import { paperBalances, type Settings, settingsOf, venueChecks } from '@parallax/config';
import type { ServiceContext, WriterMode } from '@parallax/runtime';
import type { ServiceDefinition } from '@parallax/service-host';
import { VENUES } from '@parallax/venues';
import { DEFAULT_RISK_CONFIGURATION } from './configuration.js';
import { RiskModule } from './risk.module.js';
import { RiskService } from './risk-service.js';

/** Risk over the one account of the settings. */
export function riskOf(context: ServiceContext, settings: Settings, writer: WriterMode = 'shared'): RiskService {
  const { account, venues, limits, takerFees } = settings;
  const accounts = [{ account, limits, balances: paperBalances(account, venues) }];
  return new RiskService({ ...context, configuration: { ...DEFAULT_RISK_CONFIGURATION, takerFees, accounts, writer } });
}

export const riskDefinition: ServiceDefinition<RiskService> = {
  name: 'risk',
  checks: (environment) => venueChecks(environment, VENUES),
  create: (context, environment) => riskOf(context, settingsOf(environment, VENUES)),
  module: (service) => RiskModule.of(service),
};
