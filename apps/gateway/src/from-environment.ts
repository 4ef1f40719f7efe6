import type { Environment } from '@parallax/config';
import type { ServiceContext } from '@parallax/runtime';
import { gatewayConfigurationOf } from './environment.js';
import { GatewayService } from './gateway.service.js';

/** @throws ParallaxError `CONFIG_REFUSED` naming the variable. */
export function createGatewayService(context: ServiceContext, environment: Environment): GatewayService {
  return new GatewayService({ ...context, configuration: gatewayConfigurationOf(environment) });
}
