import { existsSync, fsyncSync, ftruncateSync, closeSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeDirectory } from '@parallax/runtime';
import { fileFaultOf, fileFaultText, ParallaxError } from '@parallax/types';
import { JournalChain, readJournal, type JournalHeading, type JournalReach, type JournalRecord, type ReadJournal } from '@parallax/simulation';

export interface JournalPlace {
  readonly path: string;
  readonly venue: string;
  /** What a journal that begins here is called. */
  readonly newId: string;
  /** How far it is known to go; null where nothing is known of it. */
  readonly least?: JournalReach | null;
  /** Leaves out what need not be known any more; the same array where that is nothing. */
  readonly shorten?: (records: readonly JournalRecord[]) => readonly JournalRecord[];
}

/** A journal's file, open to append to, and what it held. */
export interface OpenedJournal {
  readonly heading: JournalHeading;
  readonly found: readonly JournalRecord[];
  readonly file: number;
  readonly chain: JournalChain;
}

/**
 * Opens a venue's journal, or begins it. A torn last line is cut off; what is shortened, or of an older form, is written anew.
 * Whoever opens it holds its lock.
 * @throws ParallaxError `STORE_FAILED` with path and line where it cannot be read or written, or is not what was written.
 */
export function openJournal({ path, venue, newId, least = null, shorten = (records) => records }: JournalPlace): OpenedJournal {
  const { read, size } = readAt(path, least);
  if (read.heading !== null && read.heading.venue !== venue) {
    throw new ParallaxError('STORE_FAILED', `${path} is the journal of ${read.heading.venue}, not of ${venue}`, { place: path });
  }
  const found = shorten(read.records);
  try {
    makeDirectory(dirname(path));
    if (read.heading !== null && found === read.records) {
      const file = openSync(path, 'a');
      if (read.validBytes < size) ftruncateSync(file, read.validBytes);
      return { heading: read.heading, found, file, chain: read.chain };
    }
    const heading = { journal: read.heading?.journal ?? newId, venue, chain: (read.heading?.chain ?? 0) + 1 };
    const chain = writeAnew(path, heading, found);
    return { heading, found, file: openSync(path, 'a'), chain };
  } catch (cause) {
    throw new ParallaxError('STORE_FAILED', `the journal ${path} cannot be written: ${fileFaultText(cause)}`, { place: path, cause });
  }
}

function readAt(path: string, least: JournalReach | null): { read: ReadJournal; size: number } {
  try {
    const bytes = existsSync(path) ? readFileSync(path) : new Uint8Array();
    return { read: readJournal(bytes, least), size: bytes.length };
  } catch (cause) {
    const isDamaged = fileFaultOf(cause) === null;
    const reason = isDamaged ? `${(cause as Error).message}. Nothing is traded there until the file is as it was: bring a copy of it back` : fileFaultText(cause);
    throw new ParallaxError('STORE_FAILED', `the journal ${path} cannot be read: ${reason}`, { place: path, cause });
  }
}

/** Whole and on the disk before it takes the old one's place, and its name with it. */
function writeAnew(path: string, heading: JournalHeading, records: readonly JournalRecord[]): JournalChain {
  const chain = new JournalChain();
  const lines = [chain.line(heading), ...records.map((record) => chain.line([record]))];
  writeFileSync(`${path}.new`, lines.join(''), { flush: true });
  renameSync(`${path}.new`, path);
  // Windows keeps names safe by itself, and opens no folder.
  if (process.platform === 'win32') return chain;
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
  return chain;
}
