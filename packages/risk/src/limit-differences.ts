import { LIMIT_FIELDS } from './limit-fields.js';
import type { RiskLimits } from './limits.js';
import { Money } from './money.js';

/** One limit that stands otherwise than it was configured; both values as text. */
export interface LimitDifference {
  readonly name: string;
  readonly configured: string;
  readonly standing: string;
}

/** The limits whose values differ; decimals are compared as numbers, so that `500` and `500.0` are the same. */
export function limitDifferences(configured: RiskLimits, standing: RiskLimits): LimitDifference[] {
  return LIMIT_FIELDS.flatMap(({ name, kind }) => {
    const [wanted, found] = [configured, standing].map((limits) => limits[name as keyof RiskLimits]);
    const same = kind === 'amount' || kind === 'share' ? new Money(wanted as string).equals(found as string) : keyed(wanted) === keyed(found);
    return same ? [] : [{ name, configured: textOf(wanted), standing: textOf(found) }];
  });
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
/** The order of keys says nothing. */
const keyed = (value: unknown): string =>
  (typeof value === 'object' && value !== null ? JSON.stringify(Object.entries(value).toSorted()) : String(value));
