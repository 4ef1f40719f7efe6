export type ServiceName =
  | 'ingestion' | 'normalisation' | 'regime' | 'arbitrage' | 'risk' | 'execution' | 'monitoring' | 'gateway'
  | 'simulator' | 'recorder' | 'paper';

/** All services of a whole system: what brings a price to an order and its fills back, and what watches and shows it. */
export const SYSTEM_SERVICES: readonly ServiceName[] = [
  'ingestion', 'normalisation', 'regime', 'arbitrage', 'risk', 'execution', 'paper', 'gateway', 'monitoring',
];
