import { Money } from '@parallax/money';
import { ParallaxError, type RegimeName } from '@parallax/types';
import { LIMIT_FIELDS, type LimitField } from './limit-fields.js';
import { DEFAULT_LIMITS, type RiskLimits } from './limits.js';

const DECIMAL = /^\d{1,24}(\.\d{1,24})?$/;
const REGIMES = Object.keys(DEFAULT_LIMITS.regimeFactors) as RegimeName[];

function refuse(place: string, value: unknown, wanted: string): never {
  throw new ParallaxError('INPUT_REFUSED', `${place} is ${JSON.stringify(value) ?? 'missing'}; ${wanted}`, { place });
}

function checkDecimal(place: string, value: unknown, field: LimitField): void {
  if (typeof value !== 'string' || !DECIMAL.test(value)) refuse(place, value, 'it must be a decimal number as text, 0 or more');
  const amount = new Money(value);
  if (field.aboveZero && amount.isZero()) refuse(place, value, 'it must be above 0');
  if (field.atMost !== undefined && amount.greaterThan(field.atMost)) refuse(place, value, `it must be at most ${field.atMost}`);
}

function checkRecord(place: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(place, value, 'it must be an object');
  return value as Record<string, unknown>;
}

function checkField(field: LimitField, value: unknown): void {
  switch (field.kind) {
    case 'currency':
      if (typeof value !== 'string' || !/^[A-Za-z0-9]{1,20}$/.test(value)) refuse(field.name, value, 'it must be a currency code');
      return;
    case 'duration':
      if (!Number.isSafeInteger(value) || (value as number) < 0) refuse(field.name, value, 'it must be a whole number of µs, 0 or more');
      return;
    case 'factors': {
      const factors = checkRecord(field.name, value);
      for (const name of Object.keys(factors)) {
        if (!REGIMES.includes(name as RegimeName)) refuse(`${field.name}.${name}`, factors[name], `regimes are ${REGIMES.join(', ')}`);
      }
      for (const name of REGIMES) checkDecimal(`${field.name}.${name}`, factors[name], field);
      return;
    }
    case 'conversions':
      for (const [currency, rate] of Object.entries(checkRecord(field.name, value))) {
        checkDecimal(`${field.name}.${currency}`, rate, { ...field, aboveZero: true });
      }
      return;
    default:
      checkDecimal(field.name, value, field);
  }
}

/**
 * Reads limits from what a user or a file gave: fields that are absent take the value in `base`.
 * @throws ParallaxError `INPUT_REFUSED` with the field as its place, and what would be right.
 */
export function validateLimits(input: unknown, base: RiskLimits = DEFAULT_LIMITS): RiskLimits {
  const given = checkRecord('limits', input);
  for (const name of Object.keys(given)) {
    if (!LIMIT_FIELDS.some((field) => field.name === name)) refuse(name, given[name], 'no limit has this name');
  }
  const merged = {
    ...base,
    ...given,
    ...(given.regimeFactors === undefined
      ? {}
      : { regimeFactors: { ...base.regimeFactors, ...checkRecord('regimeFactors', given.regimeFactors) } }),
  };
  for (const field of LIMIT_FIELDS) checkField(field, merged[field.name as keyof RiskLimits]);
  return merged;
}

/**
 * Limits as somebody asks to change them: what is not named stays as it stands, each factor and each conversion too. A
 * conversion of `null` is taken out.
 * @throws ParallaxError `INPUT_REFUSED`, see {@link validateLimits}.
 */
export function changeLimits(standing: RiskLimits, change: unknown): RiskLimits {
  const named = checkRecord('limits', change);
  if (named.conversions === undefined) return validateLimits(named, standing);
  const conversions = Object.entries({ ...standing.conversions, ...checkRecord('conversions', named.conversions) });
  return validateLimits({ ...named, conversions: Object.fromEntries(conversions.filter(([, rate]) => rate !== null)) }, standing);
}

/** Each limit with its value, unit and meaning, for people. */
export function describeLimits(limits: RiskLimits): readonly (LimitField & { readonly value: unknown })[] {
  return LIMIT_FIELDS.map((field) => ({ ...field, value: limits[field.name as keyof RiskLimits] }));
}
