import type { RecordStore, RecoveredStream, Storage, StoredRecord, ValueStore } from './records.js';

/** Keeps records in memory, for a bus without a directory. */
class VolatileRecords implements RecordStore {
  private kept: StoredRecord[] = [];
  private head = 0;

  async recover(): Promise<RecoveredStream> {
    return { firstSequence: 1, lastSequence: 0, bytes: 0, subjects: new Map(), recent: [] };
  }

  check(): void {}

  append(record: StoredRecord): undefined {
    this.kept.push(record);
  }

  async read(fromSequence: number, limit: number): Promise<readonly StoredRecord[]> {
    if (this.head === this.kept.length) return [];
    const at = Math.max(this.head, this.head + fromSequence - this.kept[this.head].sequence);
    return this.kept.slice(at, at + limit);
  }

  async remove(records: readonly StoredRecord[]): Promise<void> {
    this.head += records.length;
    if (this.head >= 1_024 && this.head * 2 >= this.kept.length) {
      this.kept = this.kept.slice(this.head);
      this.head = 0;
    }
  }
}

const FORGETFUL: ValueStore = { entries: async () => [], put: async () => {} };

/** Nothing outlives the process. */
export function volatileStorage(): Storage {
  return { attach: () => {}, records: () => new VolatileRecords(), values: () => FORGETFUL, close: async () => {} };
}
