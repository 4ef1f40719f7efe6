export { BusContext } from './bus-context.js';
export { BusErrorFilter } from './bus-error-filter.js';
export { BUS, BusModule } from './bus-module.js';
export { BusEvent, BusRequest } from './patterns.js';
export { BusStrategy } from './bus-strategy.js';
export type { BusPatternExtras, OnFault } from './bus-strategy.js';
