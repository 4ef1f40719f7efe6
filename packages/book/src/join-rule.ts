import type { InstrumentSpecification } from '@parallax/types';
import type { BookReader } from './book.js';

/** Computes a venue's checksum over a book that was just changed. */
export interface ChecksumRule {
  readonly name: string;
  /** So many best levels of each side are summed. */
  readonly levels: number;
  /** Returns the value in the signedness the venue uses. */
  compute(book: BookReader, instrument: InstrumentSpecification): number;
  /** Values that mean "not computed by the venue" (OKX sends 0 since 2026-06). */
  readonly absent?: number;
}

/**
 * The few ways to join snapshot and updates; a venue picks one and gives its parameters.
 * `rest-bridge`: REST snapshot + buffered updates with first and last ids.
 * `in-band`: the snapshot comes in the stream, updates chain by id, by checksum, or both, whichever the frame carries.
 * `whole`: every message is the whole book.
 */
export type JoinRule = RestBridge | InBand | WholeBook;

interface JoinCommon {
  /** Best-N rule of the venue: levels beyond it are cut after each message, never removed by it. */
  readonly depthLimit?: number;
  /** What a crossed book means: lost data (`resync`), or expected for a while (`tolerate`, quote untrusted meanwhile). */
  readonly crossed: 'resync' | 'tolerate';
}

export interface RestBridge extends JoinCommon {
  readonly kind: 'rest-bridge';
  /**
   * First update after the snapshot: `covers-next` first ≤ id + 1 ≤ last (Binance spot), `covers` first ≤ id ≤ last
   * (Binance futures).
   */
  readonly firstLink: 'covers-next' | 'covers';
  /** Afterwards: `contiguous` first = id + 1, `previous` previous = id. */
  readonly link: 'contiguous' | 'previous';
}

export interface InBand extends JoinCommon {
  readonly kind: 'in-band';
  /** `previous` is checked where the frame carries ids; `none` where the venue has none. */
  readonly link: 'previous' | 'contiguous' | 'none';
  /**
   * Where the stream's snapshot does not come, or is nearly empty (a side of fewer levels), one by REST stands in for it: the
   * first update kept spans its id, previous ≤ id < last. Only for `previous`, and only where frames carry ids.
   */
  readonly bridge?: { readonly fewestLevels: number };
  /** OKX: last = previous is a keep-alive, last < previous once is a reset of the venue's counter. */
  readonly allowReset?: boolean;
  readonly checksum?: ChecksumRule;
}

export interface WholeBook extends JoinCommon {
  readonly kind: 'whole';
}
