import type { ServiceDefinition } from '@parallax/service-host';
import { DEFAULT_MONITORING_CONFIGURATION, MonitoringService } from './monitoring.service.js';

/** Monitoring, whose metrics tell of the whole house. */
export const monitoringDefinition: ServiceDefinition<MonitoringService> = {
  name: 'monitoring',
  create: (context) => new MonitoringService({ ...context, configuration: DEFAULT_MONITORING_CONFIGURATION }),
  metrics: (monitoring) => monitoring.metrics.text(),
};
