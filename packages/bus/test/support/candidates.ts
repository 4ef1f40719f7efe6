import { expect } from '@jest/globals';
import { VirtualTime } from '@parallax/simulation';
import { until } from '@parallax/testing';
import { LeaseRunner } from '../../src/index.js';
import type { StateBucket, StateEntry } from '../../src/index.js';

const STEP_US = 25_000;

/** One candidate for a lease; while it is asleep its timers do not fire and it hears nothing, but its clock goes on. */
export class Candidate {
  readonly told: string[] = [];
  runner!: LeaseRunner;
  asleep = false;
  private readonly timers: VirtualTime;
  private unheard: (() => void)[] = [];
  /** Requests to the bus that have not come back. */
  private underWay = 0;
  private heardRevision = 0;

  constructor(readonly holder: string, private readonly time: VirtualTime, private readonly bucket: StateBucket) {
    this.timers = new VirtualTime(time.nowUs());
  }

  async start(key: string): Promise<void> {
    const { told, time, timers, holder } = this;
    this.runner = await LeaseRunner.start({
      bucket: this.watched(), key, holder, ports: { clock: time, timers },
      sink: {
        onGranted: (epoch) => told.push(`granted ${epoch}`),
        onDoubt: () => told.push('doubt'),
        onConfirmed: () => told.push('confirmed'),
        onLost: () => told.push('lost'),
      },
    });
  }

  /** Runs what has fallen due, unless it sleeps. */
  wake(): void {
    if (this.asleep) return;
    for (const hear of this.unheard.splice(0)) hear();
    this.timers.advanceTo(this.time.nowUs());
  }

  /** Whether it waits for nothing and has heard of that revision. */
  settled(revision: number): boolean {
    return this.underWay === 0 && this.heardRevision >= revision;
  }

  get newestRevision(): number {
    return this.heardRevision;
  }

  private watched(): StateBucket {
    const { bucket } = this;
    const counted = async <T>(request: Promise<T>): Promise<T> => {
      this.underWay++;
      return request.finally(() => this.underWay--);
    };
    return {
      get: (key) => counted(bucket.get(key)),
      put: (...given) => counted(bucket.put(...given)),
      delete: (...given) => counted(bucket.delete(...given)),
      keys: (pattern) => bucket.keys(pattern),
      deleted: (pattern) => bucket.deleted(pattern),
      watch: (pattern, listener) => bucket.watch(pattern, (entry: StateEntry) => {
        this.heardRevision = Math.max(this.heardRevision, entry.revision);
        if (this.asleep) this.unheard.push(() => listener(entry));
        else listener(entry);
      }),
    };
  }
}

/** Candidates for one lease, and their time: it stands still until the bus has answered and everybody knows what was written. */
export class Candidates {
  private readonly time = new VirtualTime(1_760_000_000_000_000);
  private readonly all: Candidate[] = [];

  /** `bucket` is of somebody who only looks on. */
  constructor(private readonly bucket: StateBucket, private readonly key: string) {}

  async stand(holder: string, bucket: StateBucket): Promise<Candidate> {
    const candidate = new Candidate(holder, this.time, bucket);
    await candidate.start(this.key);
    this.all.push(candidate);
    return candidate;
  }

  /** Ends one that stands for it no more, and lets the others hear of what it gave back. */
  async release(candidate: Candidate): Promise<void> {
    const before = candidate.newestRevision;
    this.all.splice(this.all.indexOf(candidate), 1);
    await candidate.runner.stop();
    await this.settle(before + 1);
  }

  /** Lets so many seconds pass; at no moment may two of them act. */
  async pass(seconds: number): Promise<void> {
    const endUs = this.time.nowUs() + seconds * 1_000_000;
    await this.settle();
    while (this.time.nowUs() < endUs) {
      this.time.advanceTo(this.time.nowUs() + STEP_US);
      for (const candidate of this.all) candidate.wake();
      await this.settle();
      expect(this.all.filter(({ runner }) => runner.actingEpoch() !== null).length).toBeLessThanOrEqual(1);
    }
  }

  private async settle(least = 0): Promise<void> {
    await until(async () => {
      const newest = Math.max((await this.bucket.get(this.key))?.revision ?? 0, least);
      return this.all.every((candidate) => candidate.settled(newest));
    }, 'every candidate has heard of the newest entry of the lease');
  }
}
