import type { Bus } from '@parallax/bus';
import type { DeadLetter } from '@parallax/types';
import { deadLetterSchema, decodeJson, STREAMS, subjects } from '@parallax/wire';

/** A dead letter as the stream keeps it; the gateway does not tell its sequence. */
export interface KeptLetter {
  readonly sequence: number | null;
  readonly letter: DeadLetter;
}

/** Dead letters, oldest first; of one venue, or of all. */
export async function* readLetters(bus: Bus, venue?: string): AsyncGenerator<KeptLetter> {
  const options = venue === undefined ? {} : { subject: subjects.deadLetter(venue) };
  for await (const { bytes, sequence } of bus.streams.read(STREAMS.deadLetters, options)) {
    yield { sequence, letter: decodeJson(deadLetterSchema, bytes) };
  }
}

/** The newest `limit` of them, oldest first, and how many there are in all. */
export async function newestLetters(bus: Bus, venue: string | undefined, limit: number): Promise<{ letters: KeptLetter[]; all: number }> {
  const letters: KeptLetter[] = [];
  let all = 0;
  for await (const letter of readLetters(bus, venue)) {
    all++;
    letters.push(letter);
    if (letters.length > limit) letters.shift();
  }
  return { letters, all };
}
