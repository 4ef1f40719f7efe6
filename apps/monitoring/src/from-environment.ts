import { readConfiguration, type Environment } from '@parallax/config';
import type { ServiceContext } from '@parallax/runtime';
import { DEFAULT_MONITORING_CONFIGURATION, MonitoringService } from './monitoring.service.js';

/** Monitoring with its own answers to probes and scrapers, since those tell of the whole house. */
export function createMonitoringService(context: ServiceContext, environment: Environment): MonitoringService {
  const { SERVICE_HOST, SERVICE_PORT } = readConfiguration(environment, ['SERVICE_HOST', 'SERVICE_PORT']);
  return new MonitoringService({ ...context, configuration: { ...DEFAULT_MONITORING_CONFIGURATION, host: SERVICE_HOST, port: SERVICE_PORT } });
}
