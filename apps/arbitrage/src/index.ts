export { ArbitrageService, type Decider } from './arbitrage-service.js';
