import type { ServiceName } from '@parallax/types';
import type { CreateService } from '@parallax/service-host';

/** How one service is started alone; its code is loaded only when it is asked for. */
export interface Runnable {
  /** The service's name, which is its user's on the bus. */
  readonly name: ServiceName;
  load(): Promise<CreateService>;
  /** False: it answers probes at an address of its own. */
  readonly probes?: boolean;
}

/** By the name of the service's folder in apps/. */
export const RUNNABLE: ReadonlyMap<string, Runnable> = new Map<string, Runnable>([
  ['ingestion', { name: 'ingestion', load: async () => (await import('@parallax/app-ingestion')).createIngestionService }],
  ['normalisation', { name: 'normalisation', load: async () => (await import('@parallax/app-normalisation')).createNormalisationService }],
  ['regime', { name: 'regime', load: async () => (await import('@parallax/app-regime')).createRegimeService }],
  ['arbitrage', { name: 'arbitrage', load: async () => (await import('@parallax/app-arbitrage')).createArbitrageService }],
  ['risk', { name: 'risk', load: async () => (await import('@parallax/app-risk')).createRiskService }],
  ['execution', { name: 'execution', load: async () => (await import('@parallax/app-execution')).createExecutionService }],
  ['paper-venue', { name: 'paper', load: async () => (await import('@parallax/app-paper-venue')).createPaperVenueService }],
  ['monitoring', { name: 'monitoring', probes: false, load: async () => (await import('@parallax/monitoring')).createMonitoringService }],
  ['gateway', { name: 'gateway', probes: false, load: async () => (await import('@parallax/gateway')).createGatewayService }],
]);

export const SIMULATOR = 'simulator';

export const runnableNames = (): string[] => [...RUNNABLE.keys(), SIMULATOR];
