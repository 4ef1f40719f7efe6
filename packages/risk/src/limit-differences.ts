import { Money } from '@parallax/money';
import type { LimitDifference } from '@parallax/types';
import { LIMIT_FIELDS } from './limit-fields.js';
import type { RiskLimits } from './limits.js';

/** The limits of an account whose values differ; decimals are compared as numbers, so that `500` and `500.0` are the same. */
export function limitDifferences(account: string, configured: RiskLimits, standing: RiskLimits): LimitDifference[] {
  return LIMIT_FIELDS.flatMap(({ name, kind }) => {
    const [wanted, found] = [configured, standing].map((limits) => textOf(limits[name as keyof RiskLimits]));
    const same = kind === 'amount' || kind === 'share' ? new Money(wanted).equals(found) : wanted === found;
    return same ? [] : [{ account, name, configured: wanted, standing: found }];
  });
}

/** Records are written with their keys sorted: their order says nothing. */
const textOf = (value: RiskLimits[keyof RiskLimits]): string =>
  typeof value === 'object' ? JSON.stringify(Object.fromEntries(Object.entries(value).toSorted())) : String(value);
