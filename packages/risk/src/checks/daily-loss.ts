import type { Check } from '../judgement.js';
import { dailyLoss } from '../loss.js';

/** The loss of the UTC day, realised and open, has not reached its limit. */
export const checkDailyLoss: Check = (judgement, refuse) => {
  const reached = dailyLoss(judgement, judgement.nowUs);
  if (reached) refuse('DAILY_LOSS_LIMIT', 'loss of the UTC day', reached.lost, reached.allowed);
};
