export * from './detector.js';
export * from './extreme.js';
export * from './options.js';
export { SymbolRegime } from './symbol-regime.js';
export * from './window.js';
