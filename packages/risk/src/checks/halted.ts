import type { Check } from '../judgement.js';

/** Under a halt, of everything or of this account, nothing is approved. */
export const checkHalted: Check = ({ halts }, refuse) => {
  for (const { scope, by, reason } of halts) refuse('HALTED', `${scope} halted by ${by}: ${reason}`);
};
