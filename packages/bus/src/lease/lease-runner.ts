import { ParallaxError } from '@parallax/types';
import type { StateBucket, StateEntry } from '../bus.js';
import { systemPorts } from '../system-ports.js';
import type { BusPorts } from '../system-ports.js';
import { DEFAULT_LEASE_TIMES, Lease } from './lease.js';
import type { LeaseCounters, LeaseRecord, LeaseSink, LeaseTimes, LeaseWrite } from './lease.js';

export interface LeaseOptions {
  readonly bucket: StateBucket;
  readonly key: string;
  /** Unique to this process and this start of it. */
  readonly holder: string;
  readonly sink: LeaseSink;
  readonly times?: LeaseTimes;
  readonly ports?: Partial<BusPorts>;
}

const LONGEST_SLEEP_MS = 60_000;

function recordOf(entry: StateEntry | null): LeaseRecord | null {
  if (entry === null || entry.bytes === null) return null;
  try {
    const { holder, epoch } = JSON.parse(Buffer.from(entry.bytes).toString()) as Partial<LeaseRecord>;
    if (typeof holder === 'string' && Number.isSafeInteger(epoch)) return { holder, epoch: epoch! };
  } catch {
    // Falls through: what is no record is nobody's, but must age as any other before it is overwritten.
  }
  return { holder: '', epoch: 0 };
}

/** Reads, writes and sleeps for one {@link Lease}. */
export class LeaseRunner {
  private readonly lease: Lease;
  private readonly ports: BusPorts;
  private cancelSleep = (): void => {};
  private watch: { stop(): void } | null = null;
  private stopped = false;
  private lastFailure: string | null = null;
  private underWay: Promise<void> = Promise.resolve();

  private constructor(private readonly options: LeaseOptions) {
    this.ports = { ...systemPorts(), ...options.ports };
    this.lease = new Lease(options.holder, options.sink, options.times ?? DEFAULT_LEASE_TIMES);
  }

  /** Stands as a candidate from now on. Rejects when the bucket cannot be read. */
  static async start(options: LeaseOptions): Promise<LeaseRunner> {
    const runner = new LeaseRunner(options);
    let heard = false;
    runner.watch = await options.bucket.watch(options.key, (entry) => {
      heard = true;
      runner.onEntry(entry, entry.revision);
    });
    if (!heard) runner.onEntry(null, 0);
    return runner;
  }

  get counters(): Readonly<LeaseCounters> {
    return this.lease.counters;
  }

  /** Whether the lease is ours by the last word of it, in doubt or not. */
  get isHeld(): boolean {
    return this.lease.heldEpoch !== null;
  }

  /** Why the newest write failed, and with it the grant or the renewal; null where it did not. */
  get failure(): string | null {
    return this.lastFailure;
  }

  /** The epoch under which may be acted now, or null. */
  actingEpoch(): number | null {
    return this.lease.actingEpoch(this.ports.clock.nowUs());
  }

  /** Gives the lease back, so that the next need not wait. */
  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.cancelSleep();
    this.watch?.stop();
    await this.underWay;
    if (this.lease.heldEpoch === null) return;
    const revision = this.lease.knownRevision;
    this.lease.onReleased();
    await this.options.bucket.delete(this.options.key, revision).catch(() => {
      // Somebody else has it already, or the bus is gone: then it runs out by itself.
    });
  }

  private onEntry(entry: StateEntry | null, revision: number): void {
    if (this.stopped) return;
    this.take(entry, revision);
    this.wake();
  }

  private take(entry: StateEntry | null, revision: number): void {
    this.lastFailure = null;
    this.lease.onEntry(recordOf(entry), revision, this.ports.clock.nowUs());
  }

  private wake(): void {
    this.cancelSleep();
    if (this.stopped) return;
    const write = this.lease.onWake(this.ports.clock.nowUs());
    if (write !== null) this.underWay = this.write(write);
    const sleepMs = (this.lease.wakeAtUs() - this.ports.clock.nowUs()) / 1_000;
    this.cancelSleep = this.ports.timers.after(Math.min(LONGEST_SLEEP_MS, Math.max(1, Math.ceil(sleepMs))), () => this.wake());
  }

  private async write({ record, expectedRevision }: LeaseWrite): Promise<void> {
    const { bucket, key } = this.options;
    try {
      const put = bucket.put(key, Buffer.from(JSON.stringify(record)), expectedRevision);
      const revision = await this.inTime(put);
      this.lastFailure = null;
      this.lease.onWritten(revision, this.ports.clock.nowUs());
    } catch (error) {
      if (error instanceof ParallaxError && error.code === 'STATE_CONFLICT') await this.readAgain();
      else {
        this.lastFailure = (error as Error).message;
        this.lease.onFailed();
      }
    }
    this.wake();
  }

  /** A bus may wait for its answer much longer than a lease can; a late success is then heard through the watch. */
  private inTime(put: Promise<number>): Promise<number> {
    const waitMs = (this.options.times ?? DEFAULT_LEASE_TIMES).takeOverAfterUs / 1_000;
    return new Promise((resolve, reject) => {
      const cancel = this.ports.timers.after(waitMs, () => reject(new Error('the renewal was not answered in time')));
      put.then(resolve, reject).finally(cancel);
    });
  }

  private async readAgain(): Promise<void> {
    this.lease.onConflict(this.ports.clock.nowUs());
    const entry = await this.options.bucket.get(this.options.key).catch(() => undefined);
    if (entry === undefined) return;
    this.take(entry, entry?.revision ?? this.lease.knownRevision + 1);
  }
}
