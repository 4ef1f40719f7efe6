/**
 * The named points between deciding, storing, sending, publishing and acknowledging, in the order in which an order
 * passes them. A test may be told of each; in production nobody listens.
 */
export const EXECUTION_STEPS = [
  'decided', 'first leg stored', 'legs stored', 'first leg sent', 'legs sent', 'acknowledged', 'answered',
  'fill stored', 'order published', 'position published', 'result stored',
] as const;
export type ExecutionStep = (typeof EXECUTION_STEPS)[number];
export type StepListener = (step: ExecutionStep) => void;
