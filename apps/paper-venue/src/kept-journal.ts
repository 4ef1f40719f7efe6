import { MemoryJournal, type Journal, type JournalReach, type JournalRecord } from '@parallax/simulation';
import type { Clock, Random } from '@parallax/types';
import { FileJournal } from './file-journal.js';
import type { JournalPlace } from './journal-file.js';
import { JournalLock } from './journal-lock.js';

/** A venue's journal, in the hands of the one instance that has opened it. */
export interface KeptJournal {
  /** For people: where it is. */
  readonly place: string;
  readonly journal: Journal;
  /** What it held when it was opened. */
  readonly found: readonly JournalRecord[];
  /** How far it is safe; its name is the same for ever. */
  reach(): JournalReach;
  /** Called every second or so: a sign of life for others who want it. */
  touch(): void;
  /** Resolves when all that was appended is safe and told, and another may open it. */
  close(): Promise<void>;
}

/** Opens a journal, each time as it then is; `least` is how far it must go. @throws ParallaxError `STORE_FAILED` that says why not. */
export type JournalOpener = (least: JournalReach | null) => KeptJournal;

const ID_BYTES = 8;

export function fileJournals(
  { path, venue, shorten }: Omit<JournalPlace, 'newId' | 'least'>, ports: { readonly clock: Clock; readonly random: Random },
): JournalOpener {
  // One for all tries: what it heard of a holder counts from try to try.
  const lock = new JournalLock(`${path}.lock`, ports);
  return (least) => {
    const journal = new FileJournal({ path, venue, shorten, least, newId: ports.random.id(ID_BYTES) }, lock);
    return { place: path, journal, found: journal.found, reach: () => journal.reach, touch: () => lock.touch(), close: () => journal.close() };
  };
}

/** Ends with the process. */
export function memoryJournals(random: Random): JournalOpener {
  const journal = new MemoryJournal();
  const reach: JournalReach = { journal: random.id(ID_BYTES), chain: 1, lines: 0, checksum: '' };
  return () => ({ place: 'memory', journal, found: [...journal.records], reach: () => reach, touch: () => {}, close: async () => {} });
}
