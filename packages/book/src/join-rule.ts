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
  /**
   * What a book that an update crosses means: lost data (`resync`), or the venue's own state for a while (`tolerate`: untrusted meanwhile,
   * trusted as it uncrosses). A snapshot that is crossed itself, or a checksum that is right, shows that it is the venue's own.
   */
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
  /**
   * A side of exactly so many levels was cut there by the venue, and what lies behind is not known; any other is whole. The limit that is
   * asked for, and those with which others may have made recordings. Empty where the venue gives the whole book.
   */
  readonly snapshotLevels: readonly number[];
}

export interface InBand extends JoinCommon {
  readonly kind: 'in-band';
  /** `previous` is checked where the frame carries ids; `none` where the venue has none. */
  readonly link: 'previous' | 'contiguous' | 'none';
  /**
   * Where the stream's snapshot does not come, or is nearly empty (a side of fewer levels), one by REST stands in for it: the
   * first update kept spans its id, previous ≤ id < last. Only for `previous`, and only where frames carry ids. Its `snapshotLevels` are
   * as those of {@link RestBridge}.
   */
  readonly bridge?: { readonly fewestLevels: number; readonly snapshotLevels: readonly number[] };
  /** OKX: last = previous is a keep-alive, last < previous once is a reset of the venue's counter. */
  readonly allowReset?: boolean;
  readonly checksum?: ChecksumRule;
}

export interface WholeBook extends JoinCommon {
  readonly kind: 'whole';
}

/** Numbers of levels at which the venue cuts a snapshot fetched by REST; none where it gives the whole book. */
export function snapshotLimits(rule: JoinRule): readonly number[] {
  if (rule.kind === 'rest-bridge') return rule.snapshotLevels;
  return (rule.kind === 'in-band' && rule.bridge?.snapshotLevels) || [];
}
