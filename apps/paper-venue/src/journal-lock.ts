import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeDirectory } from '@parallax/runtime';
import { fileFaultText, ParallaxError, type Clock, type Random } from '@parallax/types';
import { isRunning, ownMark, type ProcessMark } from './system-process.js';

/** A holder that cannot be looked at (another machine or container) counts as gone after so long without a sign of life. */
const SILENT_US = 15_000_000;
const ID_BYTES = 8;
/** Between a look and the taking another may come; not often. */
const TRIES = 5;

interface Holder extends ProcessMark {
  readonly id: string;
  /** Microseconds since the epoch. */
  readonly sinceUs: number;
}

interface Found {
  readonly text: string;
  /** Null where the file says nothing that can be read. */
  readonly holder: Holder | null;
  /** Changes with every sign of life. */
  readonly touchedMs: number;
}

/** Ids of the locks that this process holds: its own number says nothing of them. */
const heldHere = new Set<string>();

/**
 * A file that one process holds, so that it alone writes what lies beside it. Whether a holder lives is asked of the system
 * where both run in one space; elsewhere its signs of life count, by this process's clock alone. A holder that may have been
 * given up looks at its lock again before it writes and before it tells ({@link isOurs}).
 */
export class JournalLock {
  private id: string | null = null;
  private heard: { sign: string; atUs: number } | null = null;

  constructor(private readonly path: string, private readonly ports: { readonly clock: Clock; readonly random: Random }) {}

  /** @throws ParallaxError `STORE_FAILED` that says who holds it and what to do, or that the file cannot be made. */
  take(): void {
    for (let tries = 0; tries < TRIES; tries++) {
      if (this.create()) return;
      const found = this.look();
      if (found !== null) this.clear(found);
    }
    throw this.refused('others take it at the same time; it is tried again');
  }

  isOurs(): boolean {
    return this.id !== null && this.look()?.holder?.id === this.id;
  }

  /** A sign of life, for those who cannot see this process; to be given every second or so. */
  touch(): void {
    if (this.id === null) return;
    const seconds = this.ports.clock.nowUs() / 1e6;
    try {
      utimesSync(this.path, seconds, seconds);
    } catch {
      // Gone or taken: the next look tells.
    }
  }

  release(): void {
    if (this.isOurs()) rmSync(this.path, { force: true });
    if (this.id !== null) heldHere.delete(this.id);
    this.id = null;
  }

  private create(): boolean {
    const { clock, random } = this.ports;
    const holder: Holder = { id: random.id(ID_BYTES), ...ownMark(), sinceUs: clock.nowUs() };
    try {
      makeDirectory(dirname(this.path));
    } catch (cause) {
      throw this.refused(fileFaultText(cause), cause);
    }
    try {
      writeWhole(this.path, JSON.stringify(holder));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw this.refused(fileFaultText(cause), cause);
    }
    this.id = holder.id;
    this.heard = null;
    heldHere.add(holder.id);
    return true;
  }

  /** Takes a dead holder's file away. @throws ParallaxError `STORE_FAILED` where it may live. */
  private clear(found: Found): void {
    if (this.mayLive(found)) throw this.refused(holderText(found.holder));
    const aside = `${this.path}.${this.ports.random.id(ID_BYTES)}`;
    try {
      renameSync(this.path, aside);
    } catch (cause) {
      // Another was faster; anything else, as a folder that cannot be written, nobody else will mend.
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw this.refused(`a dead process left it, and it cannot be taken away: ${fileFaultText(cause)}`, cause);
    }
    const moved = readFileSync(aside, 'utf8');
    rmSync(aside, { force: true });
    if (moved !== found.text) this.putBack(moved);
  }

  /** Between the look and the renaming somebody else had taken it. A third may have it by now: then its holder finds out. */
  private putBack(text: string): void {
    try {
      writeWhole(this.path, text);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw this.refused(fileFaultText(error), error);
    }
  }

  private mayLive({ holder, text, touchedMs }: Found): boolean {
    if (holder?.pid === process.pid && holder.space === ownMark().space) return heldHere.has(holder.id);
    const running = holder === null ? null : isRunning(holder);
    if (running !== null) return running;
    const nowUs = this.ports.clock.nowUs();
    const sign = `${touchedMs} ${text}`;
    if (this.heard?.sign !== sign) this.heard = { sign, atUs: nowUs };
    return nowUs - this.heard.atUs < SILENT_US;
  }

  private look(): Found | null {
    try {
      const text = readFileSync(this.path, 'utf8');
      return { text, holder: holderOf(text), touchedMs: statSync(this.path).mtimeMs };
    } catch {
      return null;
    }
  }

  private refused(reason: string, cause?: unknown): ParallaxError {
    return new ParallaxError('STORE_FAILED', `${this.path} cannot be taken: ${reason}`, { place: this.path, retryable: true, cause });
  }
}

/** Makes the file where there is none. Where the disk has no room for its text it leaves none: an empty one would be held by nobody. */
function writeWhole(path: string, text: string): void {
  const file = openSync(path, 'wx');
  try {
    writeFileSync(file, text);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

function holderOf(text: string): Holder | null {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    return typeof holder?.id === 'string' && Number.isSafeInteger(holder.pid) ? (holder as Holder) : null;
  } catch {
    return null;
  }
}

function holderText(holder: Holder | null): string {
  if (holder === null) return `it cannot be read, and counts as left behind after ${SILENT_US / 1e6} s without a sign of life`;
  const { pid, host, sinceUs, space } = holder;
  const since = new Date(sinceUs / 1000).toISOString();
  const way = space === ownMark().space
    ? 'end that process, or give this one a PARALLAX_STATE of its own'
    : `it is taken over ${SILENT_US / 1e6} s after that process's last sign of life; end it, or give this one a PARALLAX_STATE of its own`;
  return `process ${pid} on ${host} has held it since ${since}: ${way}`;
}
