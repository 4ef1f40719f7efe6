import { fileFaultText, ParallaxError } from '@parallax/types';
import type { Database } from './level-database.js';

export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string };

/**
 * One write at a time; what comes in meanwhile goes together in the next. Order stays that of the calls. After one that failed there
 * is none until {@link resume}: what follows a torn record in LevelDB's log is lost when it is opened again, though the write succeeded.
 */
export class GroupWriter {
  private operations: Operation[] = [];
  private next: Promise<void> | null = null;
  private current: Promise<void> = Promise.resolve();
  private failure: ParallaxError | null = null;

  constructor(
    private readonly database: Database,
    private readonly synchronise: boolean,
    /** Told of a write that failed, once until it is resumed. */
    private readonly onFailed: (failure: ParallaxError) => void = () => {},
  ) {}

  /** @throws ParallaxError `STORE_FAILED` while nothing is kept. */
  check(): void {
    if (this.failure !== null) throw this.failure;
  }

  /** Writes again. Only for who opened the database anew and read again what it holds. */
  resume(): void {
    this.failure = null;
  }

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
    this.check();
    try {
      await this.database.batch([...operations], { sync: this.synchronise });
    } catch (cause) {
      this.failure = new ParallaxError('STORE_FAILED', `what is durable cannot be written: ${fileFaultText(cause)}`, { cause, retryable: true, outcomeUnknown: true });
      this.onFailed(this.failure);
      throw this.failure;
    }
  }
}
