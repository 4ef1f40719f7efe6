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
  if (!definition) return { verdict: 'unjudged', reason: `"${letter.venue}" is none of today’s venues` };
  if (letter.truncated) return { verdict: 'unjudged', reason: 'the frame was longer than what is kept of it' };
  const table = new InstrumentTable();
  for (const one of [...definition.catalogue, ...instruments]) if (one.venue === letter.venue) table.add(one);
  let refused: Again | undefined;
  const nothing = (): void => {};
  const normaliser = new VenueNormaliser(definition, table, {
    onQuote: nothing, onBook: nothing, onTrades: nothing, onSnapshotWanted: nothing, onTrust: nothing,
    onDeadLetter: ({ reason, place }) => (refused ??= { verdict: 'refused', reason, place }),
  });
  const { connection, frame, receivedAtUs, symbol } = letter;
  const bytes = Buffer.from(letter.text);
  if (letter.kind === 'stream') normaliser.onFrame(connection, frame, receivedAtUs, bytes);
  else {
    // A snapshot does not say itself which symbol it is of: its letter does.
    const instrument = symbol === null ? -1 : table.find(letter.venue, symbol);
    if (instrument < 0) return { verdict: 'unjudged', reason: `${symbol ?? 'its symbol'} is none of today’s instruments` };
    normaliser.onSnapshot(connection, frame, receivedAtUs, bytes, instrument);
  }
  return refused ?? { verdict: 'passes' };
}
