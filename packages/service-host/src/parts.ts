import type { ServiceHealth } from '@parallax/types';
import type { HealthMetrics } from './health-metrics.js';

/** What the controllers of one hosted service work with. */
export class HostParts {
  constructor(
    readonly health: () => ServiceHealth,
    readonly metrics: HealthMetrics,
  ) {}
}
