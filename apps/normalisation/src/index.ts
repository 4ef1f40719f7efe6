export { NormalisationService } from './normalisation-service.js';
export type { SymbolReport } from './report.js';
export { createNormalisationService } from './from-environment.js';
