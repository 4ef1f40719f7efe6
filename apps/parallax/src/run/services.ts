import type { ServiceDefinition } from '@parallax/service-host';

/** The services that can run alone, by the name of their folder in apps/; code is loaded only when it is asked for. */
export const RUNNABLE: ReadonlyMap<string, () => Promise<ServiceDefinition>> = new Map<string, () => Promise<ServiceDefinition>>([
  ['ingestion', async () => (await import('@parallax/app-ingestion')).ingestionDefinition],
  ['normalisation', async () => (await import('@parallax/app-normalisation')).normalisationDefinition],
  ['regime', async () => (await import('@parallax/app-regime')).regimeDefinition],
  ['arbitrage', async () => (await import('@parallax/app-arbitrage')).arbitrageDefinition],
  ['risk', async () => (await import('@parallax/app-risk')).riskDefinition],
  ['execution', async () => (await import('@parallax/app-execution')).executionDefinition],
  ['paper-venue', async () => (await import('@parallax/app-paper-venue')).paperVenueDefinition],
  ['monitoring', async () => (await import('@parallax/monitoring')).monitoringDefinition],
  ['gateway', async () => (await import('@parallax/gateway')).gatewayDefinition],
]);

export const SIMULATOR = 'simulator';

export const runnableNames = (): string[] => [...RUNNABLE.keys(), SIMULATOR];
