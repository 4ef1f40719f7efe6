import { GATEWAY_METRICS } from '@parallax/types';
import { Counter, Registry } from 'prom-client';

const { gateway_requests_total: REQUESTS } = GATEWAY_METRICS;

/** The gateway's own numbers in Prometheus' text form; what it counts for its health is told with that. */
export class GatewayMetrics {
  readonly registry = new Registry();
  readonly requests = new Counter({
    name: 'parallax_gateway_requests_total', help: REQUESTS.meaning, labelNames: ['method', 'route', 'status'] as const, registers: [this.registry],
  });

  constructor() {
    this.registry.setDefaultLabels({ service: 'gateway' });
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
