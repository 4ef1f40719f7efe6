import { ParallaxError } from '@parallax/types';
import { journalLine, readJournal, type Journal, type JournalRecord } from '@parallax/simulation';
import { closeSync, existsSync, fdatasyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A journal in a file: every append is written and synchronised to the disk before it returns. */
export class FileJournal implements Journal {
  /** What the file held; a torn last line is cut off. */
  readonly found: readonly JournalRecord[];
  private readonly file: number;

  /** @throws ParallaxError `STORE_FAILED` when the file cannot be read or written, or is damaged before its end. */
  constructor(path: string) {
    const bytes = existsSync(path) ? readFileSync(path) : new Uint8Array();
    const { records, validBytes } = readJournal(bytes);
    this.found = records;
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.file = openSync(path, 'a');
      if (validBytes < bytes.length) ftruncateSync(this.file, validBytes);
    } catch (cause) {
      throw new ParallaxError('STORE_FAILED', `the journal ${path} cannot be written`, { cause });
    }
  }

  append(records: readonly JournalRecord[]): void {
    const line = Buffer.from(journalLine(records));
    let written = 0;
    while (written < line.length) written += writeSync(this.file, line, written);
    // The data and the length reach the disk; the file's times, which a full synchronisation writes too, nobody needs.
    fdatasyncSync(this.file);
  }

  close(): void {
    closeSync(this.file);
  }
}
