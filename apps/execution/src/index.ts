export { BusVenueDoor } from './bus-venue-door.js';
export { ExecutionService, type ExecutionExtras } from './execution-service.js';
export { EXECUTION_STEPS, type ExecutionStep, type StepListener } from './steps.js';
export { createExecutionService } from './from-environment.js';
