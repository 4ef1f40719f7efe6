import { CLOCK_MARGIN_US, SERVICE_SILENT_US, SYSTEM_SERVICES, type ServiceName, type StageName } from '@parallax/types';

/** When something counts as trouble; every number that an alert rests on. */
export interface MonitoringThresholds {
  /** Silence of a service after which it counts as gone. */
  readonly serviceSilentUs: number;
  readonly venueSilentUs: number;
  /** Age of a venue's newest quote. */
  readonly quoteStaleUs: number;
  /** Errors per second of a service, or dead letters of a venue; what risk refuses is no error. */
  readonly errorsPerSecond: number;
  /** The p99 of each stage over the last minute. */
  readonly latencyP99Us: Readonly<Record<StageName, number>>;
  /** Distance of a venue's clock from ours. */
  readonly clockOffsetUs: number;
  /** Distance of a service's clock from those of most others. */
  readonly serviceClockUs: number;
  /** Share of a venue's books that must be trusted. */
  readonly trustedShare: number;
  readonly expectedServices: readonly ServiceName[];
}

/** Far above what a machine needs that is not overloaded; what a venue takes, it may take longer. */
const LATENCY_P99_US: Readonly<Record<StageName, number>> = {
  'exchange-to-received': 2_000_000,
  'received-to-published': 250_000,
  'received-to-quote': 250_000,
  'received-to-taken': 500_000,
  'quote-to-opportunity': 500_000,
  'opportunity-to-intent': 500_000,
  'intent-to-verdict': 500_000,
  'verdict-to-order': 500_000,
  'order-to-answer': 1_000_000,
  'request-to-answer': 1_000_000,
  'answer-to-fill': 500_000,
  'received-to-order': 1_500_000,
};

export const DEFAULT_THRESHOLDS: MonitoringThresholds = {
  serviceSilentUs: SERVICE_SILENT_US,
  venueSilentUs: 10_000_000,
  quoteStaleUs: 30_000_000,
  errorsPerSecond: 1,
  latencyP99Us: LATENCY_P99_US,
  clockOffsetUs: 2_000_000,
  serviceClockUs: CLOCK_MARGIN_US,
  trustedShare: 0.5,
  expectedServices: SYSTEM_SERVICES.filter((name) => name !== 'monitoring'),
};
