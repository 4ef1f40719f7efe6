/** Whether a book may be believed. Detectors, routers and risk take quotes of `synced` books only. */
export const Trust = { resyncing: 0, synced: 1, suspect: 2, stale: 3 } as const;
export type Trust = (typeof Trust)[keyof typeof Trust];
export const TRUST_NAMES = ['resyncing', 'synced', 'suspect', 'stale'] as const;

/** Why a book is in the state it is in. The numbers travel in quote rows; names are for people. */
export const TrustCause = {
  none: 0,
  started: 1,
  snapshotApplied: 2,
  gap: 3,
  checksumFailed: 4,
  crossed: 5,
  silence: 6,
  connectionLost: 7,
  connectionGap: 8,
  frameRefused: 9,
  numberRefused: 10,
  specificationChanged: 11,
  snapshotMissing: 12,
  resumed: 13,
  tickerDisagrees: 14,
  venueReset: 15,
  /** Not a book's: the quote is from before the service started and nothing was heard since. */
  remembered: 16,
  /** A level whose number does not fit stands where our best price would be: see packages/book, unreadable-levels.ts. */
  levelUnreadable: 17,
  /** Such a level lies among those that the venue's checksum covers, and nothing else proves the updates. */
  checksumImpossible: 18,
  /** The venue itself shows a crossed book, as it does in an auction. */
  crossedAtVenue: 19,
  /** The best lies behind the last level of a snapshot that the venue cut: nobody told what stands between. */
  beyondSnapshot: 20,
  /** Two instances write what only one may: they may be of two markets. */
  twoWriters: 21,
} as const;
export type TrustCause = (typeof TrustCause)[keyof typeof TrustCause];
export const TRUST_CAUSE_NAMES = [
  'none', 'started', 'snapshot applied', 'gap', 'checksum failed', 'crossed', 'silence', 'connection lost',
  'connection gap', 'frame refused', 'number refused', 'specification changed',
  'snapshot missing', 'resumed', 'ticker disagrees', 'venue reset', 'remembered',
  'level unreadable', 'checksum impossible', 'crossed at venue', 'beyond snapshot', 'two writers',
] as const;
