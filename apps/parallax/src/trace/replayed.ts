import { readSpans, type StoredSpan } from '@parallax/telemetry';
import { ParallaxError } from '@parallax/types';

/** The attribute in which execution's span of an order names it. */
const ORDER = 'parallax.order';

/**
 * The order of a replay, by its id or by the beginning of it, as the spans in `directory` tell: those of orders that came
 * to their end. Null where there is none.
 * @throws ParallaxError `INPUT_REFUSED` when there are several.
 */
export async function replayedOrder(directory: string, id: string): Promise<{ id: string; traceId: string } | null> {
  const spans = await readSpans(directory, JSON.stringify(ORDER), (span) => span.name === 'execution order' && idOf(span).startsWith(id));
  if (spans.length > 1) throw new ParallaxError('INPUT_REFUSED', `several orders of the replay begin with ${id}: give more of the id`, { place: 'order' });
  return spans.length === 0 ? null : { id: idOf(spans[0]), traceId: spans[0].traceId };
}

function idOf({ attributes }: StoredSpan): string {
  const id = attributes?.[ORDER];
  return typeof id === 'string' ? id : '';
}
