import type { Check } from '../judgement.js';
import { lossOf } from '../loss.js';
import { exceeds, ZERO } from '../money.js';

/** The loss of the UTC day, realised and open, has not reached its limit. */
export const checkDailyLoss: Check = (judgement, refuse) => {
  const loss = lossOf(judgement, (window) => window.day(judgement.nowUs));
  const limit = judgement.limits.maxDailyLoss;
  if (exceeds(loss, ZERO) && !exceeds(limit, loss)) {
    refuse('DAILY_LOSS_LIMIT', 'loss of the UTC day', loss, limit);
  }
};
