import type { Bus } from '@parallax/bus';
import type { Timers } from '@parallax/types';
import type { ServiceLog, ServiceWatch } from '@parallax/runtime';

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 5_000;

/**
 * Appends records to streams. Records of one order keep their order; a failed append is tried again with the same id
 * until it succeeds, because an order that is not stored may not be sent.
 */
export class RecordWriter {
  retries = 0;
  private readonly chains = new Map<string, Promise<void>>();
  private stopped = false;

  constructor(
    private readonly bus: Bus,
    private readonly timers: Timers,
    private readonly log: ServiceLog,
    private readonly failed: ServiceWatch['failed'],
  ) {}

  /** Ends all tries; what was not stored is not told. */
  stop(): void {
    this.stopped = true;
  }

  /** `then` hears whether the stream had the id before, although this was the first try, and its number in the stream. */
  append(chain: string, subject: string, id: string, bytes: Uint8Array, then: (duplicate: boolean, sequence: number) => void): void {
    const before = this.chains.get(chain);
    // Where nothing is before it, it leaves with what else is sent in this turn.
    const work = before === undefined ? this.write(subject, id, bytes, then) : before.then(() => this.write(subject, id, bytes, then));
    this.chains.set(chain, work);
    void work.finally(() => {
      if (this.chains.get(chain) === work) this.chains.delete(chain);
    });
  }

  /** Resolves when everything asked for so far is stored. */
  async settled(): Promise<void> {
    while (this.chains.size > 0 && !this.stopped) await Promise.all(this.chains.values());
  }

  private async write(subject: string, id: string, bytes: Uint8Array, then: (duplicate: boolean, sequence: number) => void): Promise<void> {
    for (let tries = 0; !this.stopped; tries++) {
      try {
        const { duplicate, sequence } = await this.bus.streams.append(subject, bytes, { id });
        if (!this.stopped) this.tell(id, () => then(duplicate && tries === 0, sequence));
        return;
      } catch (error) {
        this.retries++;
        this.log.error('a record could not be stored and is tried again', { id, subject, error: (error as Error).message });
        const delayMs = Math.min(FIRST_RETRY_MS * 2 ** tries, LONGEST_RETRY_MS);
        await new Promise<void>((resolve) => this.timers.after(delayMs, resolve));
      }
    }
  }

  /** What follows a store may fail, but the store has not: it is not tried again. */
  private tell(id: string, then: () => void): void {
    try {
      then();
    } catch (error) {
      this.failed(error, `${id} is stored, and what follows from it`);
    }
  }
}
