import { fileFaultText, ParallaxError } from '@parallax/types';
import type { Database } from './level-database.js';

/**
 * Reads of the database. While it is closed and opened anew they wait, and closing waits for those under way: LevelDB ends
 * an iterator whose database is closed.
 */
export class LevelReads {
  private underWay = 0;
  private idle = (): void => {};
  private reopened: Promise<void> | null = null;

  constructor(private readonly database: Database) {}

  /** @throws ParallaxError `STORE_FAILED`, retryable, where it cannot be read, or could not be opened anew. */
  async read<T>(read: (database: Database) => Promise<T>): Promise<T> {
    while (this.reopened !== null) await this.reopened;
    this.underWay++;
    try {
      return await read(this.database);
    } catch (cause) {
      throw new ParallaxError('STORE_FAILED', `what is durable cannot be read: ${fileFaultText(cause)}`, { cause, retryable: true });
    } finally {
      if (--this.underWay === 0) this.idle();
    }
  }

  /** Lets nobody read while `work` is done. */
  async without(work: () => Promise<void>): Promise<void> {
    let finish = (): void => {};
    this.reopened = new Promise((resolve) => (finish = resolve));
    try {
      if (this.underWay > 0) await new Promise<void>((resolve) => (this.idle = resolve));
      await work();
    } finally {
      this.idle = () => {};
      this.reopened = null;
      finish();
    }
  }
}
