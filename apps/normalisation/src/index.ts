export { NormalisationService } from './normalisation-service.js';
export type { SymbolReport } from './report.js';
export { normalisationDefinition } from './from-environment.js';
