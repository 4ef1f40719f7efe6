export { ArbitrageService } from './arbitrage-service.js';
export { createArbitrageService } from './from-environment.js';
