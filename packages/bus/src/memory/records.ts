import type { Headers } from '../bus.js';

/** One message of a durable stream, as it is kept. */
export interface StoredRecord {
  readonly sequence: number;
  readonly subject: string;
  readonly bytes: Uint8Array;
  readonly atUs: number;
  /** The de-duplication id, '' without one. */
  readonly id: string;
  readonly headers: Headers;
}

/** What a stream must know again after a restart. */
export interface RecoveredStream {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly bytes: number;
  /** Last sequence of every subject. */
  readonly subjects: ReadonlyMap<string, number>;
  /** Records not older than asked, oldest first. */
  readonly recent: readonly StoredRecord[];
}

/** Where the records of one stream lie. Writes are safe when they resolve, and resolve in the order of the calls. */
export interface RecordStore {
  recover(recentSinceUs: number): Promise<RecoveredStream>;
  /** @throws ParallaxError `STORE_FAILED` while nothing is kept: then nothing may be taken in either. */
  check(): void;
  /** Undefined: it is kept at once, and cannot fail. */
  append(record: StoredRecord, totalBytes: number): Promise<void> | undefined;
  /** At most `limit` records from `fromSequence` on, in order. */
  read(fromSequence: number, limit: number): Promise<readonly StoredRecord[]>;
  remove(records: readonly StoredRecord[], totalBytes: number): Promise<void>;
}

/** Small named values that must outlive a restart. */
export interface ValueStore {
  entries(): Promise<readonly (readonly [string, Uint8Array])[]>;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

/** Who has opened a storage. */
export interface StorageOwner {
  /** It was opened anew after a write had failed: what is in memory must become what it holds. Nothing is written meanwhile. */
  reload(): Promise<void>;
  /** Nothing can be kept, and why; null: it can again. */
  onFailure(failure: string | null): void;
}

/** The place where a bus keeps what is durable. */
export interface Storage {
  /** To be called once, before anything is written. */
  attach(owner: StorageOwner): void;
  records(stream: string): RecordStore;
  values(space: string): ValueStore;
  close(): Promise<void>;
}

/** What a record counts for against a stream's limit. */
export const weightOf = (record: StoredRecord): number => record.bytes.length + record.subject.length + 64;
