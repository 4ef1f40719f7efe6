import { ParallaxError } from '@parallax/types';
import type { Clock } from '@parallax/types';
import type { AppendOptions, Headers } from '../bus.js';
import { conflict } from '../faults.js';
import type { StreamDefinition } from '../topology.js';
import { weightOf } from './records.js';
import type { RecordStore, StoredRecord } from './records.js';

const TRIM_BATCH = 256;
const RELOAD_BATCH = 256;

/** One durable stream: sequence numbers, de-duplication, compare-and-set, limits. */
export class StreamStore {
  /** Everything up to here is safe and may be read. */
  committed = 0;
  private last = 0;
  private bytes = 0;
  private oldestAtUs = 0;
  private subjects = new Map<string, number>();
  private readonly ids = new Map<string, { sequence: number; atUs: number }>();
  private readonly readers = new Set<() => void>();
  private lastWrite: Promise<void> = Promise.resolve();
  private trimming: Promise<void> | null = null;

  private constructor(
    readonly definition: StreamDefinition,
    private readonly records: RecordStore,
    private readonly clock: Clock,
    private readonly onKept: (record: StoredRecord) => void,
  ) {}

  /** `onKept` is told of each record that is appended from now on, once and in order, when it is safe. */
  static async open(definition: StreamDefinition, records: RecordStore, clock: Clock, onKept: (record: StoredRecord) => void = () => {}): Promise<StreamStore> {
    const store = new StreamStore(definition, records, clock, onKept);
    await store.recover();
    await store.trim();
    return store;
  }

  /** Becomes what is kept: appends that failed are forgotten, or may be read where they were kept all the same. */
  async reload(): Promise<void> {
    let told = this.committed;
    await this.recover();
    while (told < this.committed) {
      const records = await this.records.read(told + 1, RELOAD_BATCH);
      for (const record of records) this.onKept(record);
      told = records.at(-1)?.sequence ?? this.committed;
    }
    for (const wake of this.readers) wake();
  }

  private async recover(): Promise<void> {
    const { lastSequence, bytes, subjects, recent } = await this.records.recover(this.clock.nowUs() - this.definition.duplicateWindowMs * 1_000);
    this.committed = lastSequence;
    this.last = lastSequence;
    this.bytes = bytes;
    this.subjects = new Map(subjects);
    this.ids.clear();
    for (const { id, sequence, atUs } of recent) if (id !== '') this.ids.set(id, { sequence, atUs });
    this.lastWrite = Promise.resolve();
  }

  async append(
    subject: string,
    bytes: Uint8Array,
    options: { id?: string; headers?: Headers } & Pick<AppendOptions, 'expectedLastSequence'>,
  ): Promise<{ sequence: number; duplicate: boolean }> {
    this.checkKept();
    const atUs = this.clock.nowUs();
    this.forgetIds(atUs);
    const known = options.id === undefined ? undefined : this.ids.get(options.id);
    const newest = this.subjects.get(subject) ?? 0;
    const { expectedLastSequence } = options;
    // As on NATS the comparison comes first, and a repeat is known if it still is the subject's newest.
    if (expectedLastSequence !== undefined && newest !== expectedLastSequence && known?.sequence !== newest) {
      throw conflict(`subject "${subject}" of stream ${this.definition.name}`);
    }
    if (known !== undefined) {
      await this.lastWrite;
      return { sequence: known.sequence, duplicate: true };
    }
    const sequence = ++this.last;
    const record = { sequence, subject, bytes, atUs, id: options.id ?? '', headers: options.headers ?? {} };
    this.subjects.set(subject, sequence);
    if (options.id !== undefined) this.ids.set(options.id, { sequence, atUs });
    this.bytes += weightOf(record);
    const write = this.records.append(record, this.bytes);
    if (write !== undefined) await this.written(write);
    this.committed = Math.max(this.committed, sequence);
    this.onKept(record);
    for (const wake of this.readers) wake();
    if (this.needsTrim(atUs)) await this.trim();
    return { sequence, duplicate: false };
  }

  read(fromSequence: number, limit: number): Promise<readonly StoredRecord[]> {
    return this.records.read(fromSequence, limit);
  }

  /** Calls `wake` whenever there is more to read. */
  onCommit(wake: () => void): () => void {
    this.readers.add(wake);
    return () => this.readers.delete(wake);
  }

  private async written(write: Promise<void>): Promise<void> {
    this.lastWrite = write;
    try {
      await write;
    } catch (error) {
      throw this.failed(error);
    }
  }

  private checkKept(): void {
    try {
      this.records.check();
    } catch (error) {
      throw this.failed(error);
    }
  }

  private failed(error: unknown): ParallaxError {
    const message = `stream ${this.definition.name}: ${(error as Error).message}`;
    return new ParallaxError('STORE_FAILED', message, { cause: error, retryable: true, outcomeUnknown: true });
  }

  private forgetIds(nowUs: number): void {
    const before = nowUs - this.definition.duplicateWindowMs * 1_000;
    for (const [id, { atUs }] of this.ids) {
      if (atUs >= before) return;
      this.ids.delete(id);
    }
  }

  private needsTrim(nowUs: number): boolean {
    return this.bytes > this.definition.maximumBytes || nowUs - this.oldestAtUs > this.definition.maximumAgeMs * 1_000;
  }

  private async trim(): Promise<void> {
    this.trimming ??= this.trimNow().finally(() => (this.trimming = null));
    await this.trimming;
  }

  private async trimNow(): Promise<void> {
    for (;;) {
      const oldest = await this.records.read(0, TRIM_BATCH);
      const tooOldUs = this.clock.nowUs() - this.definition.maximumAgeMs * 1_000;
      let count = 0;
      let freed = 0;
      for (const record of oldest) {
        if (this.bytes - freed <= this.definition.maximumBytes && record.atUs >= tooOldUs) break;
        freed += weightOf(record);
        count++;
      }
      this.oldestAtUs = oldest[count]?.atUs ?? this.clock.nowUs();
      if (count === 0) return;
      this.bytes -= freed;
      await this.records.remove(oldest.slice(0, count), this.bytes);
      if (count < oldest.length || oldest.length < TRIM_BATCH) return;
    }
  }
}
