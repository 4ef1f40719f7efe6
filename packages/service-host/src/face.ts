import type { ServiceHealth, ServiceName } from '@parallax/types';

/** What one service says of itself to probes and scrapers, wherever it runs. */
export interface Face {
  readonly name: ServiceName;
  /** How it is at this moment. */
  health(): ServiceHealth | Promise<ServiceHealth>;
  /** Its numbers in Prometheus' text form, each with the label `service`. */
  metrics(): Promise<string>;
}
