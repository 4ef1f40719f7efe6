import { expect, test } from '@jest/globals';
import { Trust, TRUST_CAUSE_NAMES, TRUST_NAMES, TrustCause } from './trust.js';

test('every state and cause has a name at its number', () => {
  expect(Object.values(Trust)).toEqual(TRUST_NAMES.map((_, number) => number));
  expect(Object.values(TrustCause)).toEqual(TRUST_CAUSE_NAMES.map((_, number) => number));
  for (const [key, number] of Object.entries(TrustCause)) {
    expect(TRUST_CAUSE_NAMES[number].replace(/ (.)/g, (_, letter: string) => letter.toUpperCase())).toBe(key);
  }
});
