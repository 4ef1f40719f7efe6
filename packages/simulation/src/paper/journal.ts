import type { LeaseEpoch, ParallaxError, VenueFill, VenueOrderRequest, VenueOrderStatus } from '@parallax/types';
import type { TakenRecord } from './taken-record.js';

/** What a paper venue must not forget, in the order in which it happened; `order` is the venue's own order id. */
export type JournalRecord =
  /** The first of a shortened journal: the next order's number and the last trade's. */
  | { readonly kind: 'shortened'; readonly nextOrder: number; readonly lastTrade: number }
  /** The newest epoch under which the account was heard. */
  | ({ readonly kind: 'epoch'; readonly account: string } & LeaseEpoch)
  | { readonly kind: 'accepted'; readonly request: VenueOrderRequest; readonly venueOrderId: string; readonly atUs: number }
  | { readonly kind: 'fill'; readonly order: string; readonly fill: VenueFill }
  | TakenRecord
  | {
      readonly kind: 'closed';
      readonly order: string;
      readonly status: Exclude<VenueOrderStatus, 'open'>;
      readonly reason: string | null;
      readonly atUs: number;
    };

/** Where a paper venue writes before it says anything. */
export interface Journal {
  /** Why nothing can be written any more; null as long as it can. What is appended from then on is lost. */
  readonly failure: ParallaxError | null;
  /** Takes the records, all or none, after all that came before. */
  append(records: readonly JournalRecord[]): void;
  /**
   * Calls back once everything appended so far is safe, at once where it is, in the order of the calls. A journal that
   * failed never calls back: what is not safe may not be said.
   */
  whenSafe(then: () => void): void;
}

/** A journal for tests and for runs that need not survive. */
export class MemoryJournal implements Journal {
  readonly failure = null;
  readonly records: JournalRecord[] = [];

  append(records: readonly JournalRecord[]): void {
    this.records.push(...records);
  }

  whenSafe(then: () => void): void {
    then();
  }
}
