export * from './instruments.js';
export * from './keyframes.js';
export * from './market-feed.js';
export * from './service.js';
export * from './step-clock.js';
export * from './stepped-bus.js';
export * from './system-time.js';
export * from './traces.js';
