export { startService, type CreateService, type HostedService, type HostOptions } from './host.js';
export { runService } from './run-service.js';
