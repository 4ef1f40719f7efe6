export { SERVICE_ALERTS, VENUE_ALERTS } from './core/alert-kinds.js';
export { AlertBoard } from './core/alert-board.js';
export * from './core/monitoring-core.js';
export * from './core/thresholds.js';
export * from './monitoring.service.js';
export { monitoringDefinition } from './from-environment.js';
