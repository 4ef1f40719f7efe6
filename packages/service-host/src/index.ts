export { CheckedBody } from './checked-body.js';
export type { ServiceDefinition } from './definition.js';
export { endOnFault, type Ending } from './end-on-fault.js';
export { startService, type HostedService, type HostOptions } from './host.js';
export { hostService, type Hosted, type HostingOptions } from './host-service.js';
export { lastValuesOf } from './last-values.js';
export { runService } from './run-service.js';
export { tracingOf } from './tracing.js';
