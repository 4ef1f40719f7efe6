import type { Check } from '../judgement.js';
import { lossOf } from '../loss.js';

/** The loss of the UTC day, realised and open, has not reached its limit. */
export const checkDailyLoss: Check = (judgement, refuse) => {
  const loss = lossOf(judgement, (window) => window.day(judgement.nowUs));
  const limit = judgement.limits.maxDailyLoss;
  if (loss.isPositive() && !loss.isZero() && loss.greaterThanOrEqualTo(limit)) {
    refuse('DAILY_LOSS_LIMIT', 'loss of the UTC day', loss, limit);
  }
};
