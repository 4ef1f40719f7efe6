import { VenueNormaliser } from '@parallax/normalisation';
import { InstrumentTable, type DeadLetter, type InstrumentSpecification } from '@parallax/types';
import type { VenueDefinition } from '@parallax/venues';

/** What today's reader says of a frame that was refused once. */
export type Again =
  | { readonly verdict: 'passes' }
  | { readonly verdict: 'refused'; readonly reason: string; readonly place: string }
  | { readonly verdict: 'unjudged'; readonly reason: string };

/**
 * Reads a kept frame with today's code: a normaliser of its own, so that only the frame itself is judged and no book.
 * `instruments` are those of today; a venue that Parallax does not know any more leaves its frames unjudged.
 */
export function readAgain(
  letter: DeadLetter, venues: ReadonlyMap<string, VenueDefinition>, instruments: readonly InstrumentSpecification[],
): Again {
  const definition = venues.get(letter.venue);
  if (!definition) return { verdict: 'unjudged', reason: `"${letter.venue}" is none of today's venues` };
  if (letter.truncated) return { verdict: 'unjudged', reason: 'the frame was longer than what is kept of it' };
  // Only a snapshot is asked for by symbol, and the letter does not keep whose it was.
  if (definition.snapshots && letter.text.includes('"lastUpdateId"') && !letter.text.includes('"stream"')) {
    return { verdict: 'unjudged', reason: 'a REST snapshot does not say which symbol it is of' };
  }
  const table = new InstrumentTable();
  for (const one of [...definition.catalogue, ...instruments]) if (one.venue === letter.venue) table.add(one);
  let refused: Again | undefined;
  const nothing = (): void => {};
  const normaliser = new VenueNormaliser(definition, table, {
    onQuote: nothing, onBook: nothing, onTrades: nothing, onSnapshotWanted: nothing, onTrust: nothing,
    onDeadLetter: ({ reason, place }) => (refused ??= { verdict: 'refused', reason, place }),
  });
  normaliser.onFrame(letter.connection, letter.frame, letter.receivedAtUs, Buffer.from(letter.text));
  return refused ?? { verdict: 'passes' };
}
