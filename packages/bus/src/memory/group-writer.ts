import { ParallaxError } from '@parallax/types';
import type { Database } from './level-database.js';

export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string };

/**
 * One write at a time; what comes in meanwhile goes together in the next. Order stays that of the calls. After one that failed there
 * is none: what follows a torn record in LevelDB's log is lost when it is opened again, though the write succeeded.
 */
export class GroupWriter {
  private operations: Operation[] = [];
  private next: Promise<void> | null = null;
  private current: Promise<void> = Promise.resolve();
  private failure: ParallaxError | null = null;

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
    if (this.failure !== null) throw this.failure;
    try {
      await this.database.batch([...operations], { sync: this.synchronise });
    } catch (cause) {
      const reason = `${(cause as Error).message}. Nothing more is kept until it is opened again: start anew once the reason is gone`;
      this.failure = new ParallaxError('STORE_FAILED', `what is durable cannot be written: ${reason}`, { cause, outcomeUnknown: true });
      throw this.failure;
    }
  }
}
