import type { ServiceHealth } from '@parallax/types';
import { isHeard } from './standing.js';

/** What services say of the same thing: `mixed` where they say different things, null where nobody says anything now. */
export interface Told<Word extends string> {
  readonly now: Word | 'mixed' | null;
  /** The last that was said of it. */
  readonly last: Word | 'mixed' | null;
}

/** What is said in the health of services, by those that are heard; else what was said last. */
export function toldBy<Word extends string>(services: readonly ServiceHealth[], wordOf: (health: ServiceHealth) => Word | undefined, before: Told<Word>, nowUs: number): Told<Word> {
  const words = new Set(services.filter((health) => isHeard(health, nowUs)).flatMap((health) => wordOf(health) ?? []));
  const [first] = words;
  const now = words.size > 1 ? 'mixed' : (first ?? null);
  return { now, last: now ?? before.last };
}
