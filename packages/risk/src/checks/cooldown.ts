import type { Check } from '../judgement.js';

/** The pair rests for a while after a refusal, a loss or a failed leg. */
export const checkCooldown: Check = ({ allowed, account, limits, nowUs }, refuse) => {
  const last = account.pairs.lastTrouble(allowed.plan);
  const since = nowUs - last;
  const pause = limits.limits.cooldownUs;
  if (since < pause) refuse('COOLDOWN', 'time since the last trouble of this pair (µs)', String(since), String(pause));
};
