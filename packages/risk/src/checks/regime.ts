import type { Check } from '../judgement.js';

/** A flash move allows no new exposure; plans that only reduce may still go, at full size. */
export const checkRegime: Check = ({ regimeFactor, regime, addsExposure }, refuse) => {
  if (regimeFactor.isZero() && addsExposure) refuse('REGIME', `the market is in ${regime}`);
};
