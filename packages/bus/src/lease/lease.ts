/**
 * Holding a lease by compare-and-set, without times to live: the holder writes its entry anew a few times a second; who
 * sees no new revision for long enough, on its own clock alone, writes itself in. Both can only succeed on the revision
 * they know, so of several one wins, and a holder whose write succeeds knows that nobody came between.
 */
export interface LeaseTimes {
  /** How often the holder renews, in microseconds; default 250,000. */
  readonly renewEveryUs: number;
  /** After so long without a confirmed renewal the holder no longer trusts itself; default 600,000. */
  readonly doubtAfterUs: number;
  /** After so long without a new revision others take over; must exceed `doubtAfterUs`; default 900,000. */
  readonly takeOverAfterUs: number;
}
export const DEFAULT_LEASE_TIMES: LeaseTimes = { renewEveryUs: 250_000, doubtAfterUs: 600_000, takeOverAfterUs: 900_000 };

/** What a lease's entry says. `epoch` 0 = its own revision: the entry that made the grant. */
export interface LeaseRecord {
  readonly holder: string;
  readonly epoch: number;
}

/** What a runner does next: write this record over that revision (0 = over nothing). */
export interface LeaseWrite {
  readonly record: LeaseRecord;
  readonly expectedRevision: number;
}

/**
 * How well a candidate holds its lease, since its start; names as they stand in a service's health. A machine with too much
 * to do shows here first: late renewals, then doubts, then a loss.
 */
export interface LeaseCounters {
  leaseRenewals: number;
  /** Renewals that began a whole interval after they were due, or later: the process had no time. */
  leaseLate: number;
  /** The most by which one began late, in microseconds. */
  leaseLatestUs: number;
  /** The longest that a confirmed write took, in microseconds: the bus had no time. */
  leaseSlowestUs: number;
  leaseDoubts: number;
  /** Taken by somebody else; giving it back does not count. */
  leaseLost: number;
}

export interface LeaseSink {
  /** Ours from now on. The epoch is greater than that of every grant before. */
  onGranted(epoch: number): void;
  /** No renewal was confirmed in time: somebody may take over. Start nothing new; what can do no harm may go on. */
  onDoubt(epoch: number): void;
  /** A renewal was confirmed after a doubt; nobody came between, the epoch stands. */
  onConfirmed(epoch: number): void;
  /** Somebody else's, or given back. Everything done under the epoch must end. */
  onLost(epoch: number): void;
}

/** The decisions of one candidate for one lease; its runner does the reading and writing. */
export class Lease {
  readonly counters: LeaseCounters = {
    leaseRenewals: 0, leaseLate: 0, leaseLatestUs: 0, leaseSlowestUs: 0, leaseDoubts: 0, leaseLost: 0,
  };
  private epoch: number | null = null;
  private doubtful = false;
  private revision = 0;
  private seenAtUs: number | null = null;
  private isFree = false;
  private confirmedAtUs = 0;
  private writeAtUs = 0;
  private writing: { startedAtUs: number; isGrant: boolean } | null = null;

  constructor(
    readonly holder: string,
    private readonly sink: LeaseSink,
    private readonly times: LeaseTimes = DEFAULT_LEASE_TIMES,
  ) {}

  /** The epoch under which the holder may act at this moment, or null. Asked before every act, it stops a sleeper. */
  actingEpoch(nowUs: number): number | null {
    if (this.epoch === null || this.doubtful) return null;
    return nowUs < this.confirmedAtUs + this.times.doubtAfterUs ? this.epoch : null;
  }

  /** The epoch of the grant, in doubt or not; null when the lease is not ours. */
  get heldEpoch(): number | null {
    return this.epoch;
  }

  /** An entry was read or heard of; null = there is none, with the revision of its deletion where one is known. */
  onEntry(record: LeaseRecord | null, revision: number, nowUs: number): void {
    if (this.seenAtUs !== null && revision <= this.revision) return;
    this.revision = revision;
    // Our own writes are heard of too, sometimes before their answer.
    const isOurGrant = record?.epoch === 0 && (this.writing?.isGrant === true || revision === this.epoch);
    const isOurRenewal = record !== null && this.epoch !== null && record.epoch === this.epoch;
    if (record?.holder === this.holder && (isOurGrant || isOurRenewal)) return;
    this.seenAtUs = nowUs;
    this.isFree = record === null;
    if (record === null) this.writeAtUs = nowUs;
    this.taken();
  }

  /** When this wants to be woken. */
  wakeAtUs(): number {
    if (this.writing !== null) return this.doubtAtUs();
    if (this.epoch !== null) return Math.min(this.writeAtUs, this.doubtAtUs());
    if (this.seenAtUs === null) return Number.POSITIVE_INFINITY;
    return Math.max(this.writeAtUs, this.isFree ? 0 : this.seenAtUs + this.times.takeOverAfterUs);
  }

  /** Tells a doubt that is due, and returns the write that is due, if any; its outcome must be told. */
  onWake(nowUs: number): LeaseWrite | null {
    if (this.epoch !== null && !this.doubtful && nowUs >= this.doubtAtUs()) {
      this.doubtful = true;
      this.counters.leaseDoubts++;
      this.sink.onDoubt(this.epoch);
    }
    if (this.writing !== null || nowUs < this.wakeAtUs()) return null;
    if (this.epoch !== null) this.countRenewal(nowUs - this.writeAtUs);
    this.writing = { startedAtUs: nowUs, isGrant: this.epoch === null };
    this.writeAtUs = nowUs + this.times.renewEveryUs;
    const expectedRevision = this.isFree ? 0 : this.revision;
    return { record: { holder: this.holder, epoch: this.epoch ?? 0 }, expectedRevision };
  }

  /** The write succeeded. What counts is when it began: others saw it no earlier than that. */
  onWritten(revision: number, nowUs: number): void {
    const { writing } = this;
    if (writing === null) return;
    if (revision < this.revision) {
      this.onConflict(nowUs);
      return;
    }
    this.writing = null;
    this.isFree = false;
    this.revision = revision;
    this.confirmedAtUs = writing.startedAtUs;
    this.counters.leaseSlowestUs = Math.max(this.counters.leaseSlowestUs, nowUs - writing.startedAtUs);
    if (writing.isGrant) {
      this.epoch = revision;
      this.doubtful = false;
      this.sink.onGranted(revision);
    } else if (this.doubtful && this.epoch !== null) {
      this.doubtful = false;
      this.sink.onConfirmed(this.epoch);
    }
  }

  /** Somebody else was faster. The entry must be read again. */
  onConflict(nowUs: number): void {
    this.writing = null;
    this.isFree = false;
    this.seenAtUs = nowUs;
    this.taken();
  }

  /** The write failed, or nobody knows: it is tried again on the same revision, and a conflict will tell. */
  onFailed(): void {
    this.writing = null;
  }

  /** Ours is given back; what to delete is {@link knownRevision}. */
  onReleased(): void {
    this.writing = null;
    this.lose();
  }

  /** The newest revision that is known. */
  get knownRevision(): number {
    return this.revision;
  }

  private doubtAtUs(): number {
    if (this.epoch === null || this.doubtful) return Number.POSITIVE_INFINITY;
    return this.confirmedAtUs + this.times.doubtAfterUs;
  }

  private countRenewal(lateUs: number): void {
    const { counters } = this;
    counters.leaseRenewals++;
    if (lateUs >= this.times.renewEveryUs) counters.leaseLate++;
    counters.leaseLatestUs = Math.max(counters.leaseLatestUs, lateUs);
  }

  private taken(): void {
    if (this.epoch !== null) this.counters.leaseLost++;
    this.lose();
  }

  private lose(): void {
    const { epoch } = this;
    this.epoch = null;
    this.doubtful = false;
    if (epoch !== null) this.sink.onLost(epoch);
  }
}
