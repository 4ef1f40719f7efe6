import type { Check } from '../judgement.js';
import { hourlyLoss } from '../loss.js';

/** The loss of the last 60 minutes, realised and open, has not reached its limit. */
export const checkHourlyLoss: Check = (judgement, refuse) => {
  const reached = hourlyLoss(judgement);
  if (reached) refuse('HOURLY_LOSS_LIMIT', 'loss of the last hour', reached.lost, reached.allowed);
};
