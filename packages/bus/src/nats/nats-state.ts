import type { StoredMsg } from '@nats-io/jetstream';
import { headers as newHeaders } from '@nats-io/transport-node';
import type { StateBucket, StateEntry } from '../bus.js';
import { checkKey, checkPattern } from '../faults.js';
import { matches } from '../subject-match.js';
import { bucketStream, bucketSubject, EXPECTED_SEQUENCE_HEADER, keyOf, OPERATION_HEADER } from './names.js';
import { faultOf } from './nats-faults.js';
import type { StateHost } from './state-host.js';
import { StateWatch } from './state-watch.js';
import { publishStored } from './stored-publish.js';

/** Gets under way at once when a whole bucket is read. */
const GETS_AT_ONCE = 32;

/**
 * One bucket, in the format of NATS KV. It is read by `STREAM.MSG.GET` and never by direct get: a direct get sends the
 * stored bytes as they are to any reply subject that the asker names, also where it may not publish.
 */
export class NatsState implements StateBucket {
  private readonly stream: string;

  constructor(
    private readonly host: StateHost,
    private readonly bucket: string,
  ) {
    this.stream = bucketStream(bucket);
  }

  async get(key: string): Promise<StateEntry | null> {
    const entry = await this.newest(key);
    return entry === null || entry.bytes === null ? null : entry;
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

  async watch(pattern: string, listener: (entry: StateEntry) => void): Promise<{ stop(): void }> {
    checkPattern(pattern);
    this.host.checkOpen();
    const watch = new StateWatch(this.host, this.bucket, pattern, listener, {
      entries: () => this.newestOf(pattern),
      at: (revision) => this.at(revision),
    });
    await watch.start();
    this.host.watching(watch);
    return watch;
  }

  /** The newest of a key, deletions included. */
  private async newest(key: string): Promise<StateEntry | null> {
    checkKey(key);
    return this.message(`key "${key}"`, { last_by_subj: bucketSubject(this.bucket, key) });
  }

  private at(revision: number): Promise<StateEntry | null> {
    return this.message(`revision ${revision}`, { seq: revision });
  }

  private async keysOf(pattern: string, areDeleted: boolean): Promise<string[]> {
    checkPattern(pattern);
    const entries = await this.newestOf(pattern);
    return entries.filter(({ bytes }) => (bytes === null) === areDeleted).map(({ key }) => key).toSorted();
  }

  private async newestOf(pattern: string): Promise<StateEntry[]> {
    this.host.checkOpen();
    const filter = bucketSubject(this.bucket, pattern);
    const info = await this.host.manager.streams
      .info(this.stream, { subjects_filter: filter })
      .catch((error: unknown) => this.fail(error, 'keys'));
    const keys = Object.keys(info.state.subjects ?? {})
      .map((subject) => keyOf(this.bucket, subject))
      .filter((key) => matches(pattern, key));
    const entries: StateEntry[] = [];
    for (let from = 0; from < keys.length; from += GETS_AT_ONCE) {
      const some = await Promise.all(keys.slice(from, from + GETS_AT_ONCE).map((key) => this.newest(key)));
      for (const entry of some) if (entry !== null) entries.push(entry);
    }
    return entries.toSorted((left, right) => left.revision - right.revision);
  }

  private async message(what: string, query: { seq: number } | { last_by_subj: string }): Promise<StateEntry | null> {
    this.host.checkOpen();
    const message = await this.host.manager.streams
      .getMessage(this.stream, query)
      .catch((error: unknown) => this.fail(error, what));
    return message === null ? null : this.entryOf(message);
  }

  private entryOf(message: StoredMsg): StateEntry {
    const isDeletion = message.header.has(OPERATION_HEADER);
    return { key: keyOf(this.bucket, message.subject), bytes: isDeletion ? null : message.data, revision: message.seq };
  }

  private async change(key: string, bytes: Uint8Array | null, expectedRevision?: number): Promise<number> {
    checkKey(key);
    this.host.checkOpen();
    const subject = bucketSubject(this.bucket, key);
    if (bytes !== null) this.host.checkSize(subject, bytes);
    const store = async (expected: number | undefined): Promise<number> => {
      const headers = newHeaders();
      if (bytes === null) headers.set(OPERATION_HEADER, 'DEL');
      if (expected !== undefined) headers.set(EXPECTED_SEQUENCE_HEADER, String(expected));
      return (await publishStored(this.host, this.stream, subject, bytes ?? new Uint8Array(), headers)).sequence;
    };
    try {
      return await store(expectedRevision);
    } catch (error) {
      const fault = faultOf(error, `write of key "${key}"`, `key "${key}" of bucket ${this.bucket}`, this.host.timeoutMs);
      if (fault.code !== 'STATE_CONFLICT' || expectedRevision !== 0) throw fault;
      // Absent may also mean deleted: then the marker of the deletion is what must not change.
      const marker = await this.newest(key);
      if (marker === null || marker.bytes !== null) throw fault;
      return store(marker.revision).catch((again: unknown) => this.fail(again, `write of key "${key}"`));
    }
  }

  private fail(error: unknown, what: string): never {
    throw faultOf(error, `${what} in bucket ${this.bucket}`, `bucket ${this.bucket}`, this.host.timeoutMs);
  }
}
