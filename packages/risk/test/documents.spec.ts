import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ParallaxError } from '@parallax/types';
import { DEFAULT_LIMITS, describeLimits, LIMIT_FIELDS, refusalCodesDocument, validateLimits } from '../src/index.js';

test('docs/refusal-codes.md is current (write it with packages/risk/test/write-documents.mjs)', () => {
  expect(readFileSync(new URL('../../../docs/refusal-codes.md', import.meta.url), 'utf8')).toBe(refusalCodesDocument());
});

test('every limit is described, and described limits are all there are', () => {
  expect(LIMIT_FIELDS.map(({ name }) => name)).toEqual(Object.keys(DEFAULT_LIMITS));
  expect(describeLimits(DEFAULT_LIMITS)[1]).toMatchObject({ name: 'capital', value: '100000', unit: 'currency' });
});

const place = (input: unknown): string | undefined => {
  try {
    validateLimits(input);
  } catch (error) {
    if (error instanceof ParallaxError && error.code === 'INPUT_REFUSED') return error.place;
    throw error;
  }
  return undefined;
};

test('limits are validated, with the field that is wrong', () => {
  expect(validateLimits({ capital: '5', regimeFactors: { HIGH_VOLATILITY: '0.25' } })).toMatchObject({
    capital: '5', regimeFactors: { HIGH_VOLATILITY: '0.25', NORMAL: '1' }, currency: 'USDT',
  });
  expect(place({ capital: 5 })).toBe('capital');
  expect(place({ capital: '0' })).toBe('capital');
  expect(place({ capital: '-1' })).toBe('capital');
  expect(place({ maxVenueExposure: '1.01' })).toBe('maxVenueExposure');
  expect(place({ quoteMaxAgeUs: 1.5 })).toBe('quoteMaxAgeUs');
  expect(place({ regimeFactors: { PANIC: '0' } })).toBe('regimeFactors.PANIC');
  expect(place({ conversions: { USD: '0' } })).toBe('conversions.USD');
  expect(place({ captial: '5' })).toBe('captial');
  expect(place(null)).toBe('limits');
});
