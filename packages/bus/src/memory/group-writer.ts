import type { Database } from './level-database.js';

export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string };

/** One write at a time; what comes in meanwhile goes together in the next. Order stays that of the calls. */
export class GroupWriter {
  private operations: Operation[] = [];
  private next: Promise<void> | null = null;
  private current: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly synchronise: boolean,
  ) {}

  write(operations: readonly Operation[]): Promise<void> {
    this.operations.push(...operations);
    this.next ??= this.current = this.after(this.current);
    return this.next;
  }

  async whenIdle(): Promise<void> {
    await this.current.catch(() => {});
  }

  private async after(previous: Promise<void>): Promise<void> {
    // A failed write was told to those who asked for it.
    await previous.catch(() => {});
    const { operations } = this;
    this.operations = [];
    this.next = null;
    await this.database.batch([...operations], { sync: this.synchronise });
  }
}
