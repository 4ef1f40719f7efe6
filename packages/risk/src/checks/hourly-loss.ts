import type { Check } from '../judgement.js';
import { lossOf } from '../loss.js';

/** The loss of the last 60 minutes, realised and open, has not reached its limit. */
export const checkHourlyLoss: Check = (judgement, refuse) => {
  const loss = lossOf(judgement, (window) => window.lastHour());
  const limit = judgement.limits.maxHourlyLoss;
  if (loss.isPositive() && !loss.isZero() && loss.greaterThanOrEqualTo(limit)) {
    refuse('HOURLY_LOSS_LIMIT', 'loss of the last hour', loss, limit);
  }
};
