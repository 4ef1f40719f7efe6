import { ageUs } from '@parallax/types';
import type { Check } from '../judgement.js';

const SECOND_US = 1_000_000;

/**
 * New exposure needs a regime that allows it, and that is known of each leg: one that was never heard, or not for a time, may be
 * any. Plans that only reduce may go without, and at full size in a flash move.
 */
export const checkRegime: Check = ({ allowed, regimes, regimeFactor, regime, addsExposure, limits, nowUs }, refuse) => {
  if (!addsExposure) return;
  if (regimeFactor.isZero()) refuse('REGIME', `the market is in ${regime}`);
  const oldest = limits.limits.regimeMaxAgeUs;
  for (const { facts, name, key } of allowed.legs) {
    if (!facts) continue;
    const stoodAtUs = regimes.stoodAtUs(key);
    if (stoodAtUs === 0) {
      refuse('RISK_STATE_UNKNOWN', `${name}: no regime of ${key} was heard`);
      continue;
    }
    const age = ageUs(stoodAtUs, nowUs);
    if (age === null) {
      refuse('RISK_STATE_UNKNOWN', `${name}: the last regime of ${key} is ahead of our clock (µs)`, String(stoodAtUs - nowUs));
    } else if (age > oldest) {
      const seconds = Math.floor(age / SECOND_US);
      refuse('RISK_STATE_UNKNOWN', `${name}: the last regime of ${key} is ${seconds} s old (age in µs)`, String(age), String(oldest));
    }
  }
};
