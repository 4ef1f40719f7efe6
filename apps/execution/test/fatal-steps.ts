import { EXECUTION_STEPS } from '../src/index.js';

/** The requests have left the process and nothing else has happened; only the victim looks for that. */
export const REQUESTS_UNDER_WAY = 'requests under way';
export const FATAL_STEPS: readonly string[] = [...EXECUTION_STEPS, REQUESTS_UNDER_WAY];
