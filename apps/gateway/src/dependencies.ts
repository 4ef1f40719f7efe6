import type { Bus } from '@parallax/bus';
import type { Clock, Timers } from '@parallax/types';
import type { GatewayConfiguration } from './configuration.js';

export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export interface GatewayDependencies {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly configuration: GatewayConfiguration;
  readonly log: Log;
}
