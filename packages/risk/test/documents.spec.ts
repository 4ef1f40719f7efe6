import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ParallaxError } from '@parallax/types';
import { changeLimits, DEFAULT_LIMITS, describeLimits, LIMIT_FIELDS, refusalCodesDocument, validateLimits } from '../src/index.js';

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

test('a change names what becomes another: of factors and conversions too, the others stay', () => {
  const standing = validateLimits({ capital: '5', regimeFactors: { HIGH_VOLATILITY: '0.25' }, conversions: { USD: '1', EUR: '1.1' } });
  expect(changeLimits(standing, { conversions: { EUR: '1.2', GBP: '1.3' } })).toEqual({ ...standing, conversions: { USD: '1', EUR: '1.2', GBP: '1.3' } });
  expect(changeLimits(standing, { conversions: { EUR: null, CHF: null } }).conversions).toEqual({ USD: '1' });
  expect(changeLimits(standing, { conversions: {} })).toEqual(standing);
  expect(changeLimits(standing, { regimeFactors: { NORMAL: '0.5' } }).regimeFactors).toEqual({ ...standing.regimeFactors, NORMAL: '0.5' });
  for (const conversions of [null, 7, ['1']]) expect(() => changeLimits(standing, { conversions })).toThrow('conversions is');
  expect(() => changeLimits(standing, { conversions: { EUR: '0' } })).toThrow('conversions.EUR is "0"; it must be above 0');
});
