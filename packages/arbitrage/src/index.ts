export { ArbitrageCore, type ArbitrageSink } from './core.js';
export type { DepthSource } from './depth-source.js';
export { NOT_TAKEN_REASONS, type NotTakenExample } from './not-taken.js';
export {
  DEFAULT_BASIS,
  PAPER_EVERYWHERE,
  arbitrageOptions,
  inventoryOf,
  type ArbitrageOptions,
  type BasisOptions,
  type FeeOptions,
  type Inventory,
} from './options.js';
export { confidenceOf, riskScoreOf } from './scores.js';
