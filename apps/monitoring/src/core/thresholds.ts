import { CLOCK_MARGIN_US, SERVICE_SILENT_US, SYSTEM_SERVICES, type ServiceName } from '@parallax/types';

/** When something counts as trouble; every number that an alert rests on. */
export interface MonitoringThresholds {
  /** Silence of a service after which it counts as gone. */
  readonly serviceSilentUs: number;
  readonly venueSilentUs: number;
  /** Age of a venue's newest quote. */
  readonly quoteStaleUs: number;
  /** Errors and refusals per second of a service, or dead letters of a venue. */
  readonly errorsPerSecond: number;
  /** A service's p99, whichever of its latencies is worst. */
  readonly latencyP99Us: number;
  /** Distance of a venue's clock from ours. */
  readonly clockOffsetUs: number;
  /** Distance of a service's clock from those of most others. */
  readonly serviceClockUs: number;
  /** Share of a venue's books that must be trusted. */
  readonly trustedShare: number;
  readonly expectedServices: readonly ServiceName[];
}

export const DEFAULT_THRESHOLDS: MonitoringThresholds = {
  serviceSilentUs: SERVICE_SILENT_US,
  venueSilentUs: 10_000_000,
  quoteStaleUs: 30_000_000,
  errorsPerSecond: 1,
  latencyP99Us: 250_000,
  clockOffsetUs: 2_000_000,
  serviceClockUs: CLOCK_MARGIN_US,
  trustedShare: 0.5,
  expectedServices: SYSTEM_SERVICES.filter((name) => name !== 'monitoring'),
};
