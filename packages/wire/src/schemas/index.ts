export * from './codec.js';
export * from './control.js';
export * from './operations.js';
export * from './orders.js';
export { amountText, decimalText, eventOriginSchema, traceparent } from './primitives.js';
export * from './signals.js';
export * from './venue.js';
