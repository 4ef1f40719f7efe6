export * from './shared/definition.js';
export * from './shared/reader.js';
export * from './shared/scan.js';
export * from './shared/symbol-bytes.js';
export * from './shared/updates.js';
export { binance } from './binance/index.js';
export { binancecoinm } from './binancecoinm/index.js';
export { binanceusdm } from './binanceusdm/index.js';
