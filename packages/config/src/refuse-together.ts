import { ParallaxError } from '@parallax/types';

/**
 * Runs every check of a start, so that one refusal tells all that is wrong with its settings. Each check reads what it needs itself;
 * what an earlier one has refused already is not told again by a later one that needs the same variable.
 * @throws ParallaxError `CONFIG_REFUSED` with the sentences of all, and their variables as its place.
 */
export function refuseTogether(checks: readonly (() => void)[]): void {
  const sentences: string[] = [];
  const places = new Set<string>();
  for (const check of checks) {
    try {
      check();
    } catch (error) {
      if (!(error instanceof ParallaxError) || error.code !== 'CONFIG_REFUSED') throw error;
      const of = error.place?.split(', ') ?? [];
      if (of.length > 0 && of.every((place) => places.has(place))) continue;
      for (const place of of) places.add(place);
      sentences.push(error.message);
    }
  }
  if (sentences.length > 0) throw new ParallaxError('CONFIG_REFUSED', sentences.join('; '), { place: [...places].join(', ') });
}
