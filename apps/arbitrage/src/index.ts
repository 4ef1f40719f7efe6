export { ArbitrageService } from './arbitrage-service.js';
