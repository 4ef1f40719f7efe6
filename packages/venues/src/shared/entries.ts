import { ParallaxError } from '@parallax/types';
import { arrayAt, FrameFault, objectAt, type JsonObject } from './plain.js';

/**
 * Reads a listing entry by entry: one that cannot be read is told with its place and does not cost the others.
 * `entry` gives null for what Parallax leaves out on purpose.
 */
export function readEntries<T>(
  text: string,
  onRefused: (reason: string, place: string) => void,
  name: string,
  listOf: (body: JsonObject) => unknown,
  entry: (value: unknown, place: string) => T | null,
): T[] {
  let entries: readonly unknown[];
  try {
    entries = arrayAt(listOf(objectAt(JSON.parse(text), '$')), name);
  } catch (error) {
    tell(error, '$', onRefused);
    return [];
  }
  const found: T[] = [];
  entries.forEach((value, index) => {
    const place = `${name}[${index}]`;
    try {
      const read = entry(value, place);
      if (read !== null) found.push(read);
    } catch (error) {
      tell(error, place, onRefused);
    }
  });
  return found;
}

function tell(error: unknown, place: string, onRefused: (reason: string, place: string) => void): void {
  if (error instanceof FrameFault) onRefused(error.reason, error.place.startsWith(place) ? error.place : `${place}.${error.place}`);
  else if (error instanceof ParallaxError || error instanceof SyntaxError) onRefused(error.message, place);
  else throw error;
}
