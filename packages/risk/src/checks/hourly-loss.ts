import type { Check } from '../judgement.js';
import { lossOf } from '../loss.js';
import { exceeds, ZERO } from '../money.js';

/** The loss of the last 60 minutes, realised and open, has not reached its limit. */
export const checkHourlyLoss: Check = (judgement, refuse) => {
  const loss = lossOf(judgement, (window) => window.lastHour());
  const limit = judgement.limits.maxHourlyLoss;
  if (exceeds(loss, ZERO) && !exceeds(limit, loss)) {
    refuse('HOURLY_LOSS_LIMIT', 'loss of the last hour', loss, limit);
  }
};
