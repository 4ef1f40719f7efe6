import { createHash } from 'node:crypto';
import { withoutSecrets } from './redaction.js';

/** Fields that say why: of them the words count, not numbers and names that are new each time. */
const CAUSES: ReadonlySet<string> = new Set(['error', 'reason', 'stack']);
/** How much or how long something was, by the field's name: another number does not make another line. */
const MEASURE = /(Ms|Us|Bytes)$|^(lost|times|refused)$/;
/** Longer keys are remembered by their digest, so that a thousand lines take little room however long they are. */
const LONGEST = 200;

/**
 * Two lines of the same key are the same line. Every field makes a difference, but for measures and the wording of a cause: an id, an order
 * or an audit entry that stands in a line may be named nowhere else.
 */
export function keyOf(level: string, message: string, fields: Record<string, unknown>): string {
  let key = `${level}\n${message}`;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || MEASURE.test(name)) continue;
    key += `\n${name}=${CAUSES.has(name) ? wordsOf(value) : textOf(value)}`;
  }
  return key.length <= LONGEST ? key : createHash('sha256').update(key).digest('base64');
}

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\S*\d\S*/g, '#');

/** What would be written of it; of an object with a ring or a great number as well. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(withoutSecrets(value)) ?? String(value));
