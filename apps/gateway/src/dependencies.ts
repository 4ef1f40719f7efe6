import type { ServiceContext, ServiceLog } from '@parallax/runtime';
import type { GatewayConfiguration } from './configuration.js';

export type Log = ServiceLog;

export interface GatewayDependencies extends ServiceContext {
  readonly configuration: GatewayConfiguration;
}
