import { setTimeout as sleep } from 'node:timers/promises';

/**
 * So long a state is awaited. It bounds a test that can never pass and says nothing about speed: on a machine that has
 * ten other things to do, what usually takes a tenth of a second has come long before.
 */
export const PATIENCE_MS = 300_000;
const SHORTEST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;

type Falsy = false | 0 | 0n | '' | null | undefined;

export interface Waiting {
  /** Default {@link PATIENCE_MS}. */
  readonly patienceMs?: number;
}

/**
 * Waits until `look` gives something true, and gives it back; what it throws ends the wait at once. `what` says what is
 * awaited: a sentence, or a function that also tells what was seen last. Left out, it is the source of `look`.
 *
 * This is how tests wait. Whoever wants to show that something does *not* happen lets a later thing happen and waits for
 * that one; a pause would pass for the wrong reason on a slow machine.
 * @throws Error with `what` and the last value where it did not come within the patience.
 */
export async function until<T>(
  look: () => T | Promise<T>,
  what: string | (() => string) = String(look),
  { patienceMs = PATIENCE_MS }: Waiting = {},
): Promise<Exclude<T, Falsy>> {
  const startedAtMs = performance.now();
  for (;;) {
    const seen = await look();
    if (seen) return seen as Exclude<T, Falsy>;
    const waitedMs = performance.now() - startedAtMs;
    if (waitedMs > patienceMs) {
      throw new Error(`waited ${Math.round(waitedMs / 1000)} s in vain for: ${typeof what === 'string' ? what : what()}; seen last: ${String(seen)}`);
    }
    // Whoever waits for long looks seldom, so that many who wait do not make the machine slower still.
    await sleep(Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, waitedMs / 20)));
  }
}
