import { ParallaxError, type Approved } from '@parallax/types';
import type { z } from 'zod';
import { approvedFieldsSchema } from './orders.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The UTF-8 bytes of a value's JSON. */
export function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/**
 * Reads a control message and checks it.
 * @throws ParallaxError `INPUT_REFUSED`; `place` is the field's path, the message says what was wrong and what is right.
 */
export function decodeJson<T>(schema: z.ZodType<T>, bytes: Uint8Array): T {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw new ParallaxError('INPUT_REFUSED', `not JSON: ${(cause as Error).message}`, { place: '$', cause });
  }
  return checked(schema, value);
}

/** More than these are only counted: a message may be wrong in each of its fields. */
const MOST_TOLD = 20;

/** As {@link decodeJson} for a value that is already parsed. All that is wrong is told, the places between commas. */
export function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap((issue) => faultsOf(issue, value));
  const told = faults.slice(0, MOST_TOLD);
  const more = faults.length > told.length ? `; and ${faults.length - told.length} more` : '';
  const places = [...new Set(told.map(({ place }) => place))];
  throw new ParallaxError('INPUT_REFUSED', `${told.map(({ place, said }) => `${place}: ${said}`).join('; ')}${more}`, { place: places.join(', ') });
}

/** Fields that nobody knows are one issue, and each a fault. */
function faultsOf(issue: z.core.$ZodIssue, value: unknown): { place: string; said: string }[] {
  const placeOf = (...further: readonly string[]): string => [...issue.path, ...further].map(String).join('.') || '$';
  if (issue.code !== 'unrecognized_keys') return [{ place: placeOf(), said: `${issue.message}; found ${shown(issue.path, value)}` }];
  return issue.keys.map((key) => ({ place: placeOf(key), said: 'is not a known field; leave it out or correct its name' }));
}

/** The offending value, short enough for one line. */
function shown(path: readonly PropertyKey[], value: unknown): string {
  let at = value;
  for (const key of path) at = (at as Record<PropertyKey, unknown> | undefined)?.[key];
  if (at === undefined) return 'nothing';
  const text = textOf(at);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** What is nested so deeply that it cannot be written out was read all the same, and is refused as anything else. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return 'what is nested too deeply to be shown';
  }
}

/**
 * The one way by which an approval that travelled becomes an `Approved` again. The brand cannot travel, so trust comes
 * from where the bytes were read: only the risk service's user may publish `exec.approved.>`, and only execution hears
 * it. Call it on messages of that stream and on nothing else; the fields are checked here, their author is not.
 */
export function decodeApproved(bytes: Uint8Array): Approved {
  return decodeJson(approvedFieldsSchema, bytes) as unknown as Approved;
}
