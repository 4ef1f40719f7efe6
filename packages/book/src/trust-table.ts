import { Trust, TrustCause } from '@parallax/types';

/**
 * What brings a book back to `synced`: nothing needed; the next update; the next update whose id proves that none was lost
 * before it (where the venue sends none, a fresh snapshot); a fresh snapshot; that an unreadable level goes or is no longer
 * in the way; that a book which the venue itself shows crossed is so no more (another snapshot would show both too); or that the best is
 * among the levels again that are known, be it by a fresh snapshot.
 */
export type WayOut = 'none' | 'next-update' | 'next-proof' | 'snapshot' | 'level-gone' | 'uncrossed' | 'best-known';

/** Whether the book's own levels show that the cause is gone, with whichever update. */
export const showsItself = (wayOut: WayOut): boolean => wayOut === 'level-gone' || wayOut === 'uncrossed' || wayOut === 'best-known';

/** Counters that a cause moves, per symbol. */
export type TrustCounter = 'none' | 'resyncs' | 'gaps' | 'checksumsFailed' | 'crossed' | 'refused' | 'silences' | 'disconnects' | 'disagreements'
  | 'unreadable' | 'beyond';

export interface TrustRule {
  /** Next state by current state, in the order of {@link Trust}: resyncing, synced, suspect, stale. */
  readonly next: readonly [Trust, Trust, Trust, Trust];
  readonly counter: TrustCounter;
  readonly wayOut: WayOut;
}

const { resyncing, synced, suspect, stale } = Trust;
const always = (state: Trust): TrustRule['next'] => [state, state, state, state];
const lost = (counter: TrustCounter): TrustRule => ({ next: always(resyncing), counter, wayOut: 'snapshot' });

/**
 * Every way in which trust in a book changes: cause × state → next state, counter and way out. `suspect` means that the
 * content may be wrong, `stale` that it was right but may be old, `resyncing` that there is no content to speak of.
 */
export const TRUST_TABLE: Readonly<Record<keyof typeof TrustCause, TrustRule>> = {
  none: { next: [resyncing, synced, suspect, stale], counter: 'none', wayOut: 'none' },
  started: { next: always(resyncing), counter: 'none', wayOut: 'snapshot' },
  // Of quotes alone: there is no book behind one, so it begins as any new one does.
  remembered: { next: always(resyncing), counter: 'none', wayOut: 'snapshot' },
  snapshotApplied: { next: always(synced), counter: 'resyncs', wayOut: 'none' },
  snapshotMissing: { next: always(resyncing), counter: 'none', wayOut: 'snapshot' },
  gap: lost('gaps'),
  checksumFailed: lost('checksumsFailed'),
  crossed: lost('crossed'),
  numberRefused: lost('refused'),
  specificationChanged: lost('none'),
  // The next connection brings the snapshot, or its first update asks for one.
  connectionLost: { next: always(resyncing), counter: 'disconnects', wayOut: 'none' },
  // Nothing is asked for while there are two; the first update of the one that is alone again asks.
  twoWriters: { next: always(resyncing), counter: 'none', wayOut: 'none' },
  // A reset that the venue documents: the chain goes on from the new number.
  venueReset: { next: [resyncing, synced, suspect, stale], counter: 'none', wayOut: 'none' },
  tickerDisagrees: lost('disagreements'),
  // Frames of the whole connection are missing: what was lost may have been of any symbol on it.
  connectionGap: { next: [resyncing, suspect, suspect, suspect], counter: 'gaps', wayOut: 'next-proof' },
  // A frame of no known symbol, or of this one, could not be read: it may have changed the book; the chain will tell.
  frameRefused: { next: [resyncing, suspect, suspect, suspect], counter: 'refused', wayOut: 'next-proof' },
  silence: { next: [resyncing, stale, suspect, stale], counter: 'silences', wayOut: 'next-update' },
  levelUnreadable: { next: [resyncing, suspect, suspect, suspect], counter: 'unreadable', wayOut: 'level-gone' },
  checksumImpossible: { next: [resyncing, suspect, suspect, suspect], counter: 'unreadable', wayOut: 'level-gone' },
  // Known to be the venue's own state, as in an auction: a snapshot would be crossed too.
  crossedAtVenue: { next: [resyncing, suspect, suspect, suspect], counter: 'crossed', wayOut: 'uncrossed' },
  beyondSnapshot: { next: [resyncing, suspect, suspect, suspect], counter: 'beyond', wayOut: 'best-known' },
  resumed: { next: [resyncing, synced, synced, synced], counter: 'none', wayOut: 'none' },
};

const RULES = Object.entries(TrustCause)
  .toSorted(([, a], [, b]) => a - b)
  .map(([name]) => TRUST_TABLE[name as keyof typeof TrustCause]);

/** The rule of a cause by its number. */
export function trustRule(cause: TrustCause): TrustRule {
  return RULES[cause];
}
