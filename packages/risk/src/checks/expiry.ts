import type { Check } from '../judgement.js';

/** An intent is good until its expiry, that instant excluded. */
export const checkExpiry: Check = ({ intent, nowUs }, refuse) => {
  if (nowUs >= intent.expiresAtUs) {
    refuse('EXPIRED', 'the intent is past its expiry (µs)', String(nowUs), String(intent.expiresAtUs));
  }
};
