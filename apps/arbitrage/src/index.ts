export { ArbitrageService } from './arbitrage-service.js';
export { arbitrageOf, createArbitrageService } from './from-environment.js';
