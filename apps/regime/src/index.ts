export { RegimeService } from './regime-service.js';
export { createRegimeService } from './from-environment.js';
