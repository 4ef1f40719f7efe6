import type { ServiceDefinition } from '@parallax/service-host';
import { gatewayConfigurationOf, refuseShortKeys } from './environment.js';
import { GatewayService } from './gateway.service.js';

export const gatewayDefinition: ServiceDefinition<GatewayService> = {
  name: 'gateway',
  checks: (environment) => [() => refuseShortKeys(environment)],
  create: (context, environment) => new GatewayService({ ...context, configuration: gatewayConfigurationOf(environment) }),
  metrics: (gateway) => gateway.metrics.text(),
  readyWhenCutOff: true,
};
