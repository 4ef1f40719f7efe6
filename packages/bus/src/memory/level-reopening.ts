import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileFaultText, type ParallaxError } from '@parallax/types';
import type { BusPorts } from '../system-ports.js';
import type { Database } from './level-database.js';
import type { LevelReads } from './level-reads.js';
import type { StorageOwner } from './records.js';

const FIRST_TRY_MS = 1_000;
const LONGEST_WAIT_MS = 5_000;
/** More than LevelDB writes while it opens: what its log holds becomes a table of at most 4 MiB. */
const PROBE_BYTES = 2 ** 23;

/**
 * After a write that failed: waits until the directory can be written again, then closes the database and opens it anew, which
 * reads its log up to the torn record, as after a kill. Until the directory can be written it stays open, for those who read; while it is closed they wait.
 */
export class LevelReopening {
  owner: StorageOwner | null = null;
  private told = '';
  private underWay: Promise<void> = Promise.resolve();
  private cancel = (): void => {};
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly reads: LevelReads,
    private readonly directory: string,
    private readonly timers: BusPorts['timers'],
    /** Called when everything is as the database holds it. */
    private readonly resume: () => void,
    private readonly probe: (directory: string) => Promise<void> = probeDirectory,
  ) {}

  begin({ message }: ParallaxError): void {
    this.tell(message);
    this.later(FIRST_TRY_MS);
  }

  /** Resolves when nothing of it is under way any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.underWay;
  }

  private later(waitMs: number): void {
    if (this.stopped) return;
    this.cancel = this.timers.after(waitMs, () => {
      this.underWay = this.reopen().catch((error: unknown) => {
        this.tell(`${this.directory} cannot be written: ${fileFaultText(error)}`);
        this.later(Math.min(2 * waitMs, LONGEST_WAIT_MS));
      });
    });
  }

  private async reopen(): Promise<void> {
    await this.probe(this.directory);
    if (this.stopped) return;
    await this.reads.without(async () => {
      if (this.database.status === 'open') await this.database.close();
      await this.database.open();
    });
    await this.owner?.reload();
    this.resume();
    this.told = '';
    this.owner?.onFailure(null);
  }

  private tell(failure: string): void {
    if (failure === this.told) return;
    this.told = failure;
    this.owner?.onFailure(failure);
  }
}

/** @throws the system's error where a file of that size cannot be brought to the disk. */
async function probeDirectory(directory: string): Promise<void> {
  const path = join(directory, 'writable.probe');
  try {
    const file = await open(path, 'w');
    try {
      await file.writeFile(Buffer.alloc(PROBE_BYTES));
      await file.datasync();
    } finally {
      await file.close();
    }
  } finally {
    await rm(path, { force: true });
  }
}
