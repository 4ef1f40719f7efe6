export { ArbitrageService } from './arbitrage-service.js';
export { arbitrageDefinition, arbitrageOf } from './from-environment.js';
