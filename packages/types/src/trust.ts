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
  unknownLevel: 6,
  silence: 7,
  connectionLost: 8,
  connectionGap: 9,
  frameRefused: 10,
  numberRefused: 11,
  specificationChanged: 12,
  snapshotMissing: 13,
  resumed: 14,
  tickerDisagrees: 15,
  venueReset: 16,
  /** Not a book's: the quote is from before the service started and nothing was heard since. */
  remembered: 17,
} as const;
export type TrustCause = (typeof TrustCause)[keyof typeof TrustCause];
export const TRUST_CAUSE_NAMES = [
  'none', 'started', 'snapshot applied', 'gap', 'checksum failed', 'crossed', 'unknown level', 'silence',
  'connection lost', 'connection gap', 'frame refused', 'number refused', 'specification changed',
  'snapshot missing', 'resumed', 'ticker disagrees', 'venue reset',
  'remembered',
] as const;
