import { ParallaxError } from '@parallax/types';
import { journalLine, readJournal, type Journal, type JournalRecord } from '@parallax/simulation';
import { close, existsSync, fdatasync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

// The data and the length reach the disk; the file's times, which a full synchronisation writes too, nobody needs.
const synchronise = promisify(fdatasync);
const closeFile = promisify(close);

/**
 * A journal in a file. Records are safe when they are written and synchronised to the disk, which goes on beside the
 * event loop: what is appended in one turn, or while the disk is busy, is written together and synchronised once.
 */
export class FileJournal implements Journal {
  /** What the file held; a torn last line is cut off. */
  readonly found: readonly JournalRecord[];
  private readonly file: number;
  private lines: string[] = [];
  private appended = 0;
  private safe = 0;
  private readonly waiting: { readonly appended: number; readonly tell: () => void }[] = [];
  private underWay: Promise<void> | null = null;
  private failure: ParallaxError | null = null;

  /**
   * `shorten` leaves out what need not be known any more; the same array where that is nothing.
   * @throws ParallaxError `STORE_FAILED` when the file cannot be read or written, or is damaged before its end.
   */
  constructor(
    private readonly path: string,
    shorten: (records: readonly JournalRecord[]) => readonly JournalRecord[] = (records) => records,
  ) {
    const bytes = existsSync(path) ? readFileSync(path) : new Uint8Array();
    const { records, validBytes } = readJournal(bytes);
    this.found = shorten(records);
    try {
      mkdirSync(dirname(path), { recursive: true });
      if (this.found !== records) {
        // Whole and on the disk before it takes the old one's place.
        writeFileSync(`${path}.new`, this.found.map((record) => journalLine([record])).join(''), { flush: true });
        renameSync(`${path}.new`, path);
      }
      this.file = openSync(path, 'a');
      if (this.found === records && validBytes < bytes.length) ftruncateSync(this.file, validBytes);
    } catch (cause) {
      throw new ParallaxError('STORE_FAILED', `the journal ${path} cannot be written`, { cause });
    }
  }

  append(records: readonly JournalRecord[]): void {
    if (this.failure) throw this.failure;
    this.lines.push(journalLine(records));
    this.appended++;
    this.underWay ??= this.work();
  }

  whenSafe(then: () => void): void {
    if (this.failure) return;
    // While the waiting are told, who asks now comes after them.
    if (this.safe === this.appended && this.waiting.length === 0) then();
    else this.waiting.push({ appended: this.appended, tell: then });
  }

  /** Resolves when all that was appended is safe and told, and the file is closed. */
  async close(): Promise<void> {
    while (this.underWay) await this.underWay;
    await closeFile(this.file);
  }

  private async work(): Promise<void> {
    // What the rest of this turn appends goes along.
    await Promise.resolve();
    try {
      while (this.lines.length > 0 && (await this.store())) {
        while (this.waiting.length > 0 && this.waiting[0].appended <= this.safe) this.waiting.shift()!.tell();
      }
    } finally {
      this.underWay = null;
    }
  }

  /** Brings what is appended by now to the disk; false when that failed. */
  private async store(): Promise<boolean> {
    const bytes = Buffer.from(this.lines.splice(0).join(''));
    const { appended } = this;
    try {
      // Into the system's memory, which is sooner done than handed to another thread; the disk is what takes long.
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this.file, bytes, written, bytes.length - written);
      }
      await synchronise(this.file);
    } catch (cause) {
      this.fail(cause);
      return false;
    }
    this.safe = appended;
    return true;
  }

  /** Nothing is taken and nothing is told from here on: after a restart the file says what happened. */
  private fail(cause: unknown): void {
    this.failure = new ParallaxError('STORE_FAILED', `the journal ${this.path} cannot be written`, { cause });
    this.waiting.length = 0;
    process.emitWarning(`${this.failure.message}: ${String(cause)}`);
  }
}
