import type { StepPlan } from '@parallax/runtime';

/** The services of a replay, in the order in which each step passes through them. */
export const STAGES: readonly StepPlan[] = [
  { publisher: 'normalisation', upstreams: ['player'] },
];

/** The service that finishes a step last. */
export const LAST_STAGE = STAGES[STAGES.length - 1].publisher;
