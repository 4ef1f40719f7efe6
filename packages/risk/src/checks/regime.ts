import type { Check } from '../judgement.js';

/** A flash move allows no new exposure; plans that only reduce may still go, at full size. */
export const checkRegime: Check = ({ factor, regime, addsExposure }, refuse) => {
  if (factor.isZero() && addsExposure) refuse('REGIME', `the market is in ${regime}`);
};
