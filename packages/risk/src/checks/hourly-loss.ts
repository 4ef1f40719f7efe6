import type { Check } from '../judgement.js';
import { earnedIn } from '../loss.js';
import { exceeds, ZERO } from '../money.js';

/** The loss of the last 60 minutes, realised and open, has not reached its limit. */
export const checkHourlyLoss: Check = (judgement, refuse) => {
  const earned = earnedIn(judgement, (window) => window.lastHour());
  const { maxHourlyLoss, leastHourlyProfit } = judgement.limits;
  if (exceeds(ZERO, earned) && !exceeds(earned, leastHourlyProfit)) {
    refuse('HOURLY_LOSS_LIMIT', 'loss of the last hour', earned.negated(), maxHourlyLoss);
  }
};
