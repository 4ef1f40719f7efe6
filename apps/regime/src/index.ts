export { RegimeService } from './regime-service.js';
export { regimeDefinition } from './from-environment.js';
