export { RegimeService } from './regime-service.js';
