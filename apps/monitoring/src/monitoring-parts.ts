import type { ServiceHealth } from '@parallax/types';
import type { MonitoringCore } from './core/monitoring-core.js';
import type { MonitoringMetrics } from './metrics.js';

/** What the controller works with. */
export class MonitoringParts {
  constructor(
    readonly core: MonitoringCore,
    readonly metrics: MonitoringMetrics,
    readonly health: () => ServiceHealth,
  ) {}
}
