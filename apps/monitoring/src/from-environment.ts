import { readConfiguration } from '@parallax/config';
import type { ServiceDefinition } from '@parallax/service-host';
import { DEFAULT_MONITORING_CONFIGURATION, MonitoringService } from './monitoring.service.js';

/** Monitoring with its own answers to probes and scrapers, since those tell of the whole house. */
export const monitoringDefinition: ServiceDefinition<MonitoringService> = {
  name: 'monitoring',
  create(context, environment) {
    const { SERVICE_HOST: host, SERVICE_PORT: port } = readConfiguration(environment, ['SERVICE_HOST', 'SERVICE_PORT']);
    return new MonitoringService({ ...context, configuration: { ...DEFAULT_MONITORING_CONFIGURATION, host, port } });
  },
  probes: false,
};
