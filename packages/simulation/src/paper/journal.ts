import { ParallaxError, type LeaseEpoch, type VenueFill, type VenueOrderRequest, type VenueOrderStatus } from '@parallax/types';
import { crc32 } from 'node:zlib';
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
  /** Takes the records, all or none, after all that came before. @throws ParallaxError `STORE_FAILED` once it failed. */
  append(records: readonly JournalRecord[]): void;
  /**
   * Calls back once everything appended so far is safe, at once where it is, in the order of the calls. A journal that
   * failed never calls back: what is not safe may not be said.
   */
  whenSafe(then: () => void): void;
}

/** A journal for tests and for runs that need not survive. */
export class MemoryJournal implements Journal {
  readonly records: JournalRecord[] = [];

  append(records: readonly JournalRecord[]): void {
    this.records.push(...records);
  }

  whenSafe(then: () => void): void {
    then();
  }
}

/** What is written at once is one line, so that a crash keeps it whole or not at all: `<crc32 in hex> <JSON array>`. */
export function journalLine(records: readonly JournalRecord[]): string {
  const json = JSON.stringify(records);
  return `${checksumOf(json)} ${json}\n`;
}

/**
 * Reads a journal's text. A torn last line, what a crash leaves, is dropped: `validBytes` says how much of the file to
 * keep before appending. @throws ParallaxError `STORE_FAILED` for a damaged line that is not the last.
 */
export function readJournal(bytes: Uint8Array): { records: JournalRecord[]; validBytes: number } {
  const records: JournalRecord[] = [];
  const decoder = new TextDecoder();
  let validBytes = 0;
  for (let line = 1; validBytes < bytes.length; line++) {
    const end = bytes.indexOf(10, validBytes);
    const text = decoder.decode(bytes.subarray(validBytes, end < 0 ? bytes.length : end));
    const whole = end >= 0 && text.slice(0, 8) === checksumOf(text.slice(9));
    if (!whole) {
      if (end < 0 || end === bytes.length - 1) break;
      throw new ParallaxError('STORE_FAILED', `line ${line} of the journal is damaged`, { place: `line ${line}` });
    }
    records.push(...(JSON.parse(text.slice(9)) as JournalRecord[]));
    validBytes = end + 1;
  }
  return { records, validBytes };
}

function checksumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
