import type { StateBucket, StateEntry } from '../bus.js';
import { DEFAULT_PENDING_LIMIT, DeliveryQueue } from '../delivery-queue.js';
import { checkKey, checkPattern, conflict } from '../faults.js';
import type { Pump, Pumped } from '../pump.js';
import { matches } from '../subject-match.js';
import type { ValueStore } from './records.js';

interface Change extends StateEntry {
  readonly subject: string;
}

const DELETED = 1;
const HEAD_BYTES = 9;

/** An entry as it is kept: its revision, whether it tells a deletion, the bytes. */
function encodeEntry(entry: StateEntry): Uint8Array {
  const kept = Buffer.alloc(HEAD_BYTES + (entry.bytes?.length ?? 0));
  kept.writeDoubleLE(entry.revision, 0);
  kept[8] = entry.bytes === null ? DELETED : 0;
  if (entry.bytes !== null) kept.set(entry.bytes, HEAD_BYTES);
  return kept;
}

function decodeEntry(key: string, kept: Uint8Array): StateEntry {
  const view = Buffer.from(kept);
  return { key, revision: view.readDoubleLE(0), bytes: view[8] === DELETED ? null : view.subarray(HEAD_BYTES) };
}

class Watcher implements Pumped {
  readonly changes = new DeliveryQueue<Change>(DEFAULT_PENDING_LIMIT, 'newest');
  constructor(
    readonly pattern: string,
    private readonly listener: (entry: StateEntry) => void,
    private readonly onError: (error: unknown, place: string) => void,
  ) {}

  handleOne(): boolean {
    const change = this.changes.shift();
    if (change === undefined) return false;
    try {
      this.listener({ key: change.key, bytes: change.bytes, revision: change.revision });
    } catch (error) {
      this.onError(error, change.key);
    }
    return true;
  }
}

/** One bucket of shared state within the process. Deleted keys stay as markers, so that revisions never go back. */
export class StateStore implements Omit<StateBucket, 'watch'> {
  private readonly entries = new Map<string, StateEntry>();
  /** Of them those that are kept: a change is taken back to it where it cannot be. */
  private readonly kept = new Map<string, StateEntry>();
  private readonly watchers = new Set<Watcher>();
  private revision = 0;

  private constructor(
    readonly name: string,
    private readonly values: ValueStore,
    private readonly pump: Pump,
  ) {}

  static async open(
    name: string,
    values: ValueStore,
    pump: Pump,
  ): Promise<StateStore> {
    const store = new StateStore(name, values, pump);
    await store.reload();
    return store;
  }

  /** Becomes what is kept. A change that failed and was kept all the same is told to those who watch. */
  async reload(): Promise<void> {
    for (const [key, bytes] of await this.values.entries()) {
      const entry = decodeEntry(key, bytes);
      this.revision = Math.max(this.revision, entry.revision);
      if (this.kept.get(key)?.revision === entry.revision) continue;
      this.entries.set(key, entry);
      this.kept.set(key, entry);
      this.tell(entry);
    }
  }

  async get(key: string): Promise<StateEntry | null> {
    checkKey(key);
    const entry = this.entries.get(key);
    return entry === undefined || entry.bytes === null ? null : entry;
  }

  async put(key: string, bytes: Uint8Array, expectedRevision?: number): Promise<number> {
    return this.change(key, Uint8Array.from(bytes), expectedRevision);
  }

  async delete(key: string, expectedRevision?: number): Promise<void> {
    await this.change(key, null, expectedRevision);
  }

  async keys(pattern = '>'): Promise<string[]> {
    return this.keysOf(pattern, false);
  }

  async deleted(pattern = '>'): Promise<string[]> {
    return this.keysOf(pattern, true);
  }

  async watch(pattern: string, listener: (entry: StateEntry) => void, onError: (error: unknown, key: string) => void): Promise<{ stop(): void }> {
    checkPattern(pattern);
    const watcher = new Watcher(pattern, listener, onError);
    for (const entry of this.entries.values()) {
      if (entry.bytes !== null && matches(pattern, entry.key)) watcher.changes.push({ ...entry, subject: entry.key });
    }
    this.watchers.add(watcher);
    while (watcher.changes.size > 0) watcher.handleOne();
    return {
      stop: () => {
        this.watchers.delete(watcher);
        watcher.changes.clear();
      },
    };
  }

  private keysOf(pattern: string, areDeleted: boolean): string[] {
    checkPattern(pattern);
    return [...this.entries.values()]
      .filter(({ key, bytes }) => (bytes === null) === areDeleted && matches(pattern, key))
      .map(({ key }) => key)
      .toSorted();
  }

  private takeBack(key: string): void {
    const kept = this.kept.get(key);
    if (kept === undefined) this.entries.delete(key);
    else this.entries.set(key, kept);
  }

  private tell(entry: StateEntry): void {
    for (const watcher of this.watchers) {
      if (!matches(watcher.pattern, entry.key)) continue;
      watcher.changes.push({ ...entry, subject: entry.key });
      this.pump.wake(watcher);
    }
  }

  private async change(key: string, bytes: Uint8Array | null, expectedRevision?: number): Promise<number> {
    checkKey(key);
    const current = this.entries.get(key);
    const currentRevision = current?.revision ?? 0;
    // A marker of a deletion counts as absent for who expects nothing, and as itself for who knows its revision.
    const absent = current === undefined || current.bytes === null;
    if (expectedRevision !== undefined && currentRevision !== expectedRevision && !(expectedRevision === 0 && absent)) {
      throw conflict(`key "${key}" of bucket ${this.name}`);
    }
    const entry: StateEntry = { key, bytes, revision: ++this.revision };
    this.entries.set(key, entry);
    try {
      await this.values.put(key, encodeEntry(entry));
    } catch (error) {
      // What is not kept is not told; another change may have followed meanwhile, and fails as well.
      if (this.entries.get(key) === entry) this.takeBack(key);
      throw error;
    }
    this.kept.set(key, entry);
    this.tell(entry);
    return entry.revision;
  }
}
