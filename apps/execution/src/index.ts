export { BusVenueDoor } from './bus-venue-door.js';
export { ExecutionService, type ExecutionExtras } from './execution-service.js';
export { EXECUTION_STEPS, type ExecutionStep, type StepListener } from './steps.js';
export { executionDefinition, executionOf } from './from-environment.js';
