import type { Check } from '../judgement.js';
import { earnedIn } from '../loss.js';
import { exceeds, ZERO } from '../money.js';

/** The loss of the UTC day, realised and open, has not reached its limit. */
export const checkDailyLoss: Check = (judgement, refuse) => {
  const earned = earnedIn(judgement, (window) => window.day(judgement.nowUs));
  const { maxDailyLoss, leastDailyProfit } = judgement.limits;
  if (exceeds(ZERO, earned) && !exceeds(earned, leastDailyProfit)) {
    refuse('DAILY_LOSS_LIMIT', 'loss of the UTC day', earned.negated(), maxDailyLoss);
  }
};
