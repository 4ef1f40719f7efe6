export { DEFAULT_RISK_CONFIGURATION, type AccountConfiguration, type RiskConfiguration, type RiskDependencies } from './configuration.js';
export { RiskService } from './risk-service.js';
export { riskDefinition, riskOf } from './from-environment.js';
