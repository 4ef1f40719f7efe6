export * from './bus.js';
export * from './topology.js';
export { createMemoryBus } from './memory/create-memory-bus.js';
export type { MemoryBusOptions } from './memory/create-memory-bus.js';
export type { MemoryBus } from './memory/memory-bus.js';
export { systemPorts } from './system-ports.js';
export type { BusPorts } from './system-ports.js';
export { covers, isPattern, isSubject, matches } from './subject-match.js';
