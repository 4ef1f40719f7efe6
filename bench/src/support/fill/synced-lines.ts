import { fdatasync, openSync, writeSync } from 'node:fs';

/** Lines in a file, told when they are on the disk; those of one turn, or that come while the disk is busy, are synchronised together. */
export class SyncedLines {
  private readonly file: number;
  private waiting: { readonly line: Uint8Array; tell(): void }[] = [];
  private busy = false;

  constructor(path: string) {
    this.file = openSync(path, 'a');
  }

  append(line: Uint8Array, tell: () => void): void {
    this.waiting.push({ line, tell });
    if (this.busy) return;
    this.busy = true;
    queueMicrotask(() => this.store());
  }

  private store(): void {
    const taken = this.waiting;
    this.waiting = [];
    writeSync(this.file, Buffer.concat(taken.map(({ line }) => line)));
    fdatasync(this.file, (error) => {
      if (error) throw error;
      for (const { tell } of taken) tell();
      if (this.waiting.length > 0) this.store();
      else this.busy = false;
    });
  }
}
