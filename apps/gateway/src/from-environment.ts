import type { ServiceDefinition } from '@parallax/service-host';
import { gatewayConfigurationOf } from './environment.js';
import { GatewayService } from './gateway.service.js';

/** The gateway; it answers probes on its own port. */
export const gatewayDefinition: ServiceDefinition<GatewayService> = {
  name: 'gateway',
  create: (context, environment) => new GatewayService({ ...context, configuration: gatewayConfigurationOf(environment) }),
  probes: false,
};
