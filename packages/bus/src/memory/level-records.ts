import type { Headers } from '../bus.js';
import type { GroupWriter, Operation } from './group-writer.js';
import type { Database } from './level-database.js';
import type { LevelReads } from './level-reads.js';
import type { RecordStore, RecoveredStream, StoredRecord } from './records.js';

const SEQUENCE_DIGITS = 16;
const TAIL_RECORDS = 1_024;

interface Head {
  readonly s: string;
  readonly a: number;
  readonly i: string;
  readonly h: Headers;
}

/** A record as it is kept: length of its head, the head as JSON, the bytes. */
function encode({ subject, atUs, id, headers, bytes }: StoredRecord): Uint8Array {
  const head = Buffer.from(JSON.stringify({ s: subject, a: atUs, i: id, h: headers } satisfies Head));
  const kept = Buffer.allocUnsafe(4 + head.length + bytes.length);
  kept.writeUInt32LE(head.length, 0);
  kept.set(head, 4);
  kept.set(bytes, 4 + head.length);
  return kept;
}

function decode(sequence: number, kept: Uint8Array): StoredRecord {
  const view = Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength);
  const headEnd = 4 + view.readUInt32LE(0);
  const head = JSON.parse(view.toString('utf8', 4, headEnd)) as Head;
  return { sequence, subject: head.s, atUs: head.a, id: head.i, headers: head.h, bytes: view.subarray(headEnd) };
}

/**
 * The records of one stream under `r!<stream>!<sequence>`, beside the last sequence of each subject (`s!`) and the
 * stream's own numbers (`m!`), all written in one batch. The newest records stay in memory for the consumers.
 */
export class LevelRecords implements RecordStore {
  private readonly tail: StoredRecord[] = [];
  private lastSequence = 0;

  constructor(
    private readonly reads: LevelReads,
    private readonly writer: GroupWriter,
    private readonly stream: string,
  ) {}

  async recover(recentSinceUs: number): Promise<RecoveredStream> {
    this.tail.length = 0;
    this.lastSequence = 0;
    const recovered = await this.reads.read((database) => this.recoverFrom(database, recentSinceUs));
    const [first] = await this.read(0, 1);
    return { ...recovered, firstSequence: first?.sequence ?? recovered.lastSequence + 1 };
  }

  private async recoverFrom(database: Database, recentSinceUs: number): Promise<Omit<RecoveredStream, 'firstSequence'>> {
    const meta = await database.get(this.metaKey());
    if (meta === undefined) return { lastSequence: 0, bytes: 0, subjects: new Map(), recent: [] };
    const { last, bytes } = JSON.parse(Buffer.from(meta).toString()) as { last: number; bytes: number };
    this.lastSequence = last;
    const subjects = new Map<string, number>();
    const prefix = `s!${this.stream}!`;
    for await (const [key, value] of database.iterator({ gte: prefix, lt: `${prefix}\uffff` })) {
      subjects.set(key.slice(prefix.length), Number(Buffer.from(value).toString()));
    }
    const recent: StoredRecord[] = [];
    for await (const [key, value] of database.iterator({ ...this.range(0), reverse: true })) {
      const record = decode(this.sequenceOf(key), value);
      if (record.atUs < recentSinceUs) break;
      recent.push(record);
    }
    return { lastSequence: last, bytes, subjects, recent: recent.toReversed() };
  }

  check(): void {
    this.writer.check();
  }

  async append(record: StoredRecord, totalBytes: number): Promise<void> {
    await this.writer.write([
      { type: 'put', key: this.recordKey(record.sequence), value: encode(record) },
      { type: 'put', key: `s!${this.stream}!${record.subject}`, value: Buffer.from(String(record.sequence)) },
      this.meta(record.sequence, totalBytes),
    ]);
    this.tail.push(record);
    if (this.tail.length > 2 * TAIL_RECORDS) this.tail.splice(0, TAIL_RECORDS);
  }

  async read(fromSequence: number, limit: number): Promise<readonly StoredRecord[]> {
    const [oldest] = this.tail;
    if (oldest !== undefined && fromSequence >= oldest.sequence) {
      const at = fromSequence - oldest.sequence;
      return this.tail.slice(at, at + limit);
    }
    const found = await this.reads.read((database) => database.iterator({ ...this.range(fromSequence), limit }).all());
    return found.map(([key, value]) => decode(this.sequenceOf(key), value));
  }

  async remove(records: readonly StoredRecord[], totalBytes: number): Promise<void> {
    const operations: Operation[] = records.map(({ sequence }) => ({ type: 'del', key: this.recordKey(sequence) }));
    const last = records.at(-1)!.sequence;
    while (this.tail.length > 0 && this.tail[0].sequence <= last) this.tail.shift();
    await this.writer.write([...operations, this.meta(this.lastSequence, totalBytes)]);
  }

  private meta(last: number, bytes: number): Operation {
    this.lastSequence = Math.max(this.lastSequence, last);
    const value = Buffer.from(JSON.stringify({ last: this.lastSequence, bytes }));
    return { type: 'put', key: this.metaKey(), value };
  }

  private metaKey(): string {
    return `m!${this.stream}`;
  }
  private recordKey(sequence: number): string {
    return `r!${this.stream}!${String(sequence).padStart(SEQUENCE_DIGITS, '0')}`;
  }
  private sequenceOf(key: string): number {
    return Number(key.slice(-SEQUENCE_DIGITS));
  }
  private range(fromSequence: number): { gte: string; lt: string } {
    return { gte: this.recordKey(fromSequence), lt: `r!${this.stream}!~` };
  }
}
