export { NormalisationService } from './normalisation-service.js';
export type { SymbolReport } from './report.js';
