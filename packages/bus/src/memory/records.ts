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
  append(record: StoredRecord, totalBytes: number): Promise<void>;
  /** At most `limit` records from `fromSequence` on, in order. */
  read(fromSequence: number, limit: number): Promise<readonly StoredRecord[]>;
  remove(records: readonly StoredRecord[], totalBytes: number): Promise<void>;
}

/** Small named values that must outlive a restart. */
export interface ValueStore {
  entries(): Promise<readonly (readonly [string, Uint8Array])[]>;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

/** The place where a bus keeps what is durable. */
export interface Storage {
  records(stream: string): RecordStore;
  values(space: string): ValueStore;
  close(): Promise<void>;
}

/** What a record counts for against a stream's limit. */
export const weightOf = (record: StoredRecord): number => record.bytes.length + record.subject.length + 64;
