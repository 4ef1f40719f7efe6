import type { DeadLetter, Row, TrustCause } from '@parallax/types';

/** What normalisation emits. Rows are reused: valid until the method returns; `columns` says how long each is. */
export interface NormalisedSink {
  onQuote(instrument: number, row: Row, columns: number): void;
  onBook(instrument: number, row: Row, columns: number): void;
  onTrades(instrument: number, row: Row, columns: number): void;
  onDeadLetter(letter: DeadLetter): void;
  /** The book needs a fresh snapshot from the venue. */
  onSnapshotWanted(instrument: number, cause: TrustCause): void;
  /** Every change of trust, after the quote that carries it. */
  onTrust(instrument: number, trust: number, cause: TrustCause, nowUs: number): void;
}

/** The frame that is being read: the origin of all that follows from it. */
export interface FrameOrigin {
  connection: number;
  frame: number;
  receivedAtUs: number;
  epoch: number;
}
