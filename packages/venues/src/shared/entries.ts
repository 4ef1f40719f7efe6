import { ParallaxError, type InstrumentSpecification } from '@parallax/types';
import { arrayAt, FrameFault, objectAt, type JsonObject } from './plain.js';

/**
 * Reads a listing entry by entry: one that cannot be read is told with its place and does not cost the others.
 * `entry` gives null for what Parallax leaves out on purpose.
 */
export function readEntries(
  text: string,
  onRefused: (reason: string, place: string) => void,
  name: string,
  listOf: (body: JsonObject) => unknown,
  entry: (value: unknown, place: string) => InstrumentSpecification | null,
): InstrumentSpecification[] {
  let entries: readonly unknown[];
  try {
    entries = arrayAt(listOf(objectAt(JSON.parse(text), '$')), name);
  } catch (error) {
    tell(error, '$', onRefused);
    return [];
  }
  const found: InstrumentSpecification[] = [];
  entries.forEach((value, index) => {
    const place = `${name}[${index}]`;
    try {
      const read = entry(value, place);
      if (read !== null) found.push(withSteps(read, place));
    } catch (error) {
      tell(error, place, onRefused);
    }
  });
  return found;
}

/** Sizes and prices of orders are multiples of the steps. */
function withSteps(specification: InstrumentSpecification, place: string): InstrumentSpecification {
  if (specification.priceStep === 0) throw new FrameFault('a price step of 0', place);
  if (specification.sizeStep === 0) throw new FrameFault('a size step of 0', place);
  return specification;
}

function tell(error: unknown, place: string, onRefused: (reason: string, place: string) => void): void {
  if (error instanceof FrameFault) onRefused(error.reason, error.place.startsWith(place) ? error.place : `${place}.${error.place}`);
  else if (error instanceof ParallaxError || error instanceof SyntaxError) onRefused(error.message, place);
  else throw error;
}
