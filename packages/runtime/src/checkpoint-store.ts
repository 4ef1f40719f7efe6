import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { StateBucket } from '@parallax/bus';
import { ParallaxError } from '@parallax/types';

const pack = promisify(gzip);
const unpack = promisify(gunzip);
/** Below what a bus takes in one message (1 MiB). */
const PART_BYTES = 900_000;

/** Where the newest checkpoint's parts lie, and what they must be. */
interface Head {
  /** The parts of a checkpoint and of the one before have keys of their own. */
  readonly slot: number;
  /** SHA-256 of each part, in hex. */
  readonly parts: readonly string[];
}

/**
 * The newest checkpoint of one service in shared state: packed, in parts where it is large. A new one is whole or not there,
 * whatever dies meanwhile. Every key is written by compare-and-set, so that of two writers, of which one has lost its lease and
 * does not know it, one fails and leaves the other's alone.
 */
export class CheckpointStore {
  private readonly revisions = new Map<string, number>();
  /** What was written last of keys whose write was not answered: it may stand there all the same. */
  private readonly unanswered = new Map<string, Uint8Array>();
  private slot = 1;

  constructor(
    private readonly bucket: StateBucket,
    private readonly owner: string,
    private readonly partBytes = PART_BYTES,
  ) {}

  /**
   * The newest checkpoint as it was saved, or null where there is none.
   * @throws ParallaxError `STORE_FAILED` where it is there and cannot be read: then nobody may go on as if there were none.
   */
  async load(): Promise<string | null> {
    const bytes = await this.read(this.headKey);
    if (bytes === null) return null;
    const { slot, parts } = this.headOf(bytes);
    this.slot = slot;
    const pieces: Uint8Array[] = [];
    for (const [number, hash] of parts.entries()) {
      const piece = await this.read(this.partKey(slot, number));
      if (piece === null || hashOf(piece) !== hash) throw this.damaged(`part ${number + 1} of ${parts.length} is not what was saved`);
      pieces.push(piece);
    }
    return (await unpack(Buffer.concat(pieces))).toString();
  }

  /**
   * Saves a checkpoint in the place of the one before; call {@link load} first.
   * @throws ParallaxError `STATE_CONFLICT` where somebody else has saved one meanwhile.
   */
  async save(text: string): Promise<void> {
    // Where the head of the one before stands after all, its parts are those that must not be touched.
    if (await this.stands(this.headKey)) this.slot = 1 - this.slot;
    const packed = await pack(text);
    const slot = 1 - this.slot;
    const parts: string[] = [];
    for (let from = 0; from < packed.length; from += this.partBytes) {
      const piece = packed.subarray(from, from + this.partBytes);
      const key = this.partKey(slot, parts.length);
      if (!this.revisions.has(key)) await this.read(key);
      await this.stands(key);
      await this.write(key, piece);
      parts.push(hashOf(piece));
    }
    const head: Head = { slot, parts };
    await this.write(this.headKey, Buffer.from(JSON.stringify(head)));
    this.slot = slot;
  }

  private get headKey(): string {
    return `${this.owner}.head`;
  }

  private partKey(slot: number, number: number): string {
    return `${this.owner}.${slot}.${number}`;
  }

  private async read(key: string): Promise<Uint8Array | null> {
    const entry = await this.bucket.get(key);
    this.revisions.set(key, entry?.revision ?? 0);
    return entry?.bytes ?? null;
  }

  private async write(key: string, bytes: Uint8Array): Promise<void> {
    this.unanswered.set(key, bytes);
    this.revisions.set(key, await this.bucket.put(key, bytes, this.revisions.get(key) ?? 0));
    this.unanswered.delete(key);
  }

  /** Whether a write that was not answered is there: then the next one follows it. What another wrote stays unknown, and conflicts. */
  private async stands(key: string): Promise<boolean> {
    const written = this.unanswered.get(key);
    if (written === undefined) return false;
    const entry = await this.bucket.get(key);
    this.unanswered.delete(key);
    if (!entry?.bytes || !Buffer.from(entry.bytes).equals(written)) return false;
    this.revisions.set(key, entry.revision);
    return true;
  }

  private headOf(bytes: Uint8Array): Head {
    try {
      const { slot, parts } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Head>;
      if ((slot === 0 || slot === 1) && Array.isArray(parts) && parts.every((hash) => typeof hash === 'string')) return { slot, parts };
    } catch {
      // Falls through: what is no JSON is no head.
    }
    throw this.damaged('its head cannot be read');
  }

  private damaged(why: string): ParallaxError {
    return new ParallaxError('STORE_FAILED', `the checkpoint of ${this.owner} cannot be read: ${why}`, { place: this.headKey });
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
