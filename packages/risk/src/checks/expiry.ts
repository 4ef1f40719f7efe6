import { ageUs } from '@parallax/types';
import type { Check } from '../judgement.js';

/** An intent is good until its expiry, that instant excluded; one that was made in the future would be good for too long. */
export const checkExpiry: Check = ({ intent, nowUs }, refuse) => {
  if (ageUs(intent.createdAtUs, nowUs) === null) {
    refuse('EXPIRED', 'the intent was made in the future: a clock is wrong (µs)', String(intent.createdAtUs), String(nowUs));
  }
  if (nowUs >= intent.expiresAtUs) {
    refuse('EXPIRED', 'the intent is past its expiry (µs)', String(nowUs), String(intent.expiresAtUs));
  }
};
