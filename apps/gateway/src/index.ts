export * from './configuration.js';
export * from './dependencies.js';
export { GatewayCore, type Change, type Entities, type EntityName, type Snapshot } from './core/gateway-core.js';
export { GatewayModule } from './gateway.module.js';
export { GatewayParts } from './http/gateway-parts.js';
export { GatewayService } from './gateway.service.js';
export { gatewayConfigurationOf } from './environment.js';
export { hashOfKey } from './security/access.js';
export { openApi, ROUTES } from './http/openapi.js';
