import type { InstrumentSpecification, Random } from '@parallax/types';
import type { Channel, FeedName, Owed, Refusal, RefusalKind } from '@parallax/venues';
import { BackOff, type BackOffLimits } from './back-off.js';
import { Patience } from './patience.js';

/** Waits between two tries to bring one channel back; each must show whether it helped before the next. */
const CURES: BackOffLimits = { firstMs: 40_000, highestMs: 600_000 };
/** A venue that says that it is asked too much is asked later. */
const AFTER_REFUSAL: Readonly<Record<RefusalKind, BackOffLimits>> = {
  rate: { firstMs: 60_000, highestMs: 600_000 },
  other: CURES,
  // A new listing makes it asked for before.
  lasting: { firstMs: 3_600_000, highestMs: 3_600_000 },
};
/** A channel that lives so long after a try is well: the next silence is another one. */
const STEADY_US = 60_000_000;

/** What is remembered of one channel that is wanted, whichever connection carries it. */
export class WantedChannel implements Channel {
  heardAtUs = 0;
  /** Since when it is missing: it did not come, or no more, or was refused. 0 while it is not. */
  missingSinceUs = 0;
  refusal: Refusal | null = null;
  /** Tries to bring it back since it lived last. */
  attempts = 0;
  /** The next try waits until then. */
  cureAtUs = 0;
  readonly patience: Patience;
  private curedAtUs = -Infinity;
  private readonly backOffs: Readonly<Record<RefusalKind, BackOff>>;

  constructor(
    public instrument: InstrumentSpecification,
    readonly feed: FeedName,
    owed: Owed,
    readonly wantedSinceUs: number,
    random: Random,
  ) {
    this.patience = new Patience(feed, owed);
    this.backOffs = {
      rate: new BackOff(random, AFTER_REFUSAL.rate), other: new BackOff(random, AFTER_REFUSAL.other), lasting: new BackOff(random, AFTER_REFUSAL.lasting),
    };
  }

  /** A market that the venue has closed owes nothing. */
  get isExpected(): boolean {
    return this.instrument.status !== 'halted';
  }

  /** The venue said that it does not have it: another connection would not either. */
  get isLastinglyRefused(): boolean {
    return this.refusal?.kind === 'lasting';
  }

  heard(nowUs: number): void {
    this.heardAtUs = nowUs;
    if (this.missingSinceUs !== 0) {
      this.missingSinceUs = 0;
      this.refusal = null;
    }
    if (this.attempts > 0 && nowUs - this.curedAtUs >= STEADY_US) this.lives();
  }

  /** Asking showed that it lives: what was taken for a fault was calm. */
  lives(): void {
    this.attempts = 0;
    this.cureAtUs = 0;
    for (const backOff of Object.values(this.backOffs)) backOff.reset();
  }

  silent(nowUs: number): void {
    if (this.missingSinceUs === 0 && this.isExpected) this.missingSinceUs = nowUs;
  }

  refused(refusal: Refusal, nowUs: number): void {
    this.silent(nowUs);
    this.refusal = refusal;
    this.cureAtUs = Math.max(this.cureAtUs, nowUs + this.backOffs[refusal.kind].next() * 1_000);
  }

  /** Something is tried now to bring it back. */
  tried(nowUs: number): void {
    this.attempts++;
    this.curedAtUs = nowUs;
    this.cureAtUs = nowUs + this.backOffs.other.next() * 1_000;
  }

  /** The listing says another thing of it than before: a refusal may not hold any more. */
  renew(instrument: InstrumentSpecification, nowUs: number): void {
    const { status, version } = this.instrument;
    const changed = instrument.status !== status || instrument.version !== version;
    this.instrument = instrument;
    if (changed && this.isLastinglyRefused) this.cureAtUs = nowUs;
  }
}
