import { close, fdatasync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { fileFaultText, ParallaxError } from '@parallax/types';
import type { Journal, JournalChain, JournalReach, JournalRecord } from '@parallax/simulation';
import { openJournal, type JournalPlace } from './journal-file.js';
import type { JournalLock } from './journal-lock.js';

// The data and the length reach the disk; the file's times, which a full synchronisation writes too, nobody needs.
const synchronise = promisify(fdatasync);
const closeFile = promisify(close);

/**
 * A journal in a file. Records are safe when they are written and synchronised to the disk, which goes on beside the
 * event loop: what is appended in one turn, or while the disk is busy, is written together and synchronised once.
 */
export class FileJournal implements Journal {
  /** How far it is safe. */
  reach: JournalReach;
  /** What the file held; a torn last line is cut off. */
  readonly found: readonly JournalRecord[];
  failure: ParallaxError | null = null;
  private readonly path: string;
  private readonly file: number;
  private readonly chain: JournalChain;
  private lines: string[] = [];
  private appended = 0;
  private safe = 0;
  private readonly waiting: { readonly appended: number; readonly tell: () => void }[] = [];
  private underWay: Promise<void> | null = null;
  private closed = false;

  /**
   * Takes the lock, and holds it until it is closed.
   * @throws ParallaxError `STORE_FAILED` when another holds it, or the file cannot be read or written or is not what was written.
   */
  constructor(place: JournalPlace, private readonly lock: JournalLock) {
    lock.take();
    try {
      const { heading, found, file, chain } = openJournal(place);
      this.found = found;
      this.file = file;
      this.chain = chain;
      this.reach = { journal: heading.journal, chain: heading.chain, ...chain.end };
    } catch (error) {
      lock.release();
      throw error;
    }
    this.path = place.path;
  }

  append(records: readonly JournalRecord[]): void {
    if (this.failure || this.closed) return;
    this.lines.push(this.chain.line(records));
    this.appended++;
    this.underWay ??= this.work();
  }

  whenSafe(then: () => void): void {
    if (this.failure) return;
    // While the waiting are told, who asks now comes after them.
    if (this.safe === this.appended && this.waiting.length === 0) then();
    else this.waiting.push({ appended: this.appended, tell: then });
  }

  /** Resolves when all that was appended is safe and told, the file is closed and the lock given back. */
  async close(): Promise<void> {
    this.closed = true;
    while (this.underWay) await this.underWay;
    try {
      await closeFile(this.file);
    } finally {
      this.lock.release();
    }
  }

  private async work(): Promise<void> {
    // What the rest of this turn appends goes along.
    await Promise.resolve();
    try {
      while (this.lines.length > 0 && (await this.store())) {
        while (this.waiting.length > 0 && this.waiting[0].appended <= this.safe) tellOne(this.waiting.shift()!.tell);
      }
    } finally {
      this.underWay = null;
    }
  }

  /** Brings what is appended by now to the disk; false when that failed. */
  private async store(): Promise<boolean> {
    const bytes = Buffer.from(this.lines.splice(0).join(''));
    const { appended } = this;
    const { end } = this.chain;
    try {
      this.checkLock();
      // Into the system's memory, which is sooner done than handed to another thread; the disk is what takes long.
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this.file, bytes, written, bytes.length - written);
      }
      await synchronise(this.file);
      // Who slept meanwhile for so long that it was given up may not tell what the next holder has never read.
      this.checkLock();
    } catch (cause) {
      this.fail(cause as Error);
      return false;
    }
    this.safe = appended;
    this.reach = { ...this.reach, ...end };
    return true;
  }

  private checkLock(): void {
    if (!this.lock.isOurs()) throw new Error('its lock was taken by another process, or removed');
  }

  /** Nothing is taken and nothing is told from here on: after a restart the file says what happened. */
  private fail(cause: Error): void {
    const reason = `the journal ${this.path} cannot be written: ${fileFaultText(cause)}. Once that is mended, restart the paper venue: it reads the file again`;
    this.failure = new ParallaxError('STORE_FAILED', reason, { place: this.path, cause });
    this.waiting.length = 0;
    this.lines.length = 0;
  }
}

/** Who cannot be told, as where the bus is closed, keeps nobody else from it. */
function tellOne(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    process.emitWarning(`what is safe in a journal could not be told: ${String(error)}`);
  }
}
