import { ageUs } from '@parallax/types';
import type { Check } from '../judgement.js';

/** An intent is good until its expiry, that instant excluded; for no longer than the limit, and not if it was made in the future. */
export const checkExpiry: Check = ({ intent, nowUs, limits }, refuse) => {
  if (ageUs(intent.createdAtUs, nowUs) === null) {
    refuse('EXPIRED', 'the intent was made in the future: a clock is wrong (µs)', String(intent.createdAtUs), String(nowUs));
  }
  if (nowUs >= intent.expiresAtUs) {
    refuse('EXPIRED', 'the intent is past its expiry (µs)', String(nowUs), String(intent.expiresAtUs));
  }
  const { maxValidityUs } = limits.limits;
  const validityUs = intent.expiresAtUs - nowUs;
  if (validityUs > maxValidityUs) {
    refuse('VALID_TOO_LONG', 'the intent would be good for longer than the limit (µs)', String(validityUs), String(maxValidityUs));
  }
};
