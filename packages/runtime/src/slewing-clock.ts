export interface SlewingClockOptions {
  /**
   * How much faster or slower than the monotonic clock ours may run, as a share. One part in a hundred: far more than any
   * machine drifts, so that a distance of a second is gone in minutes, and far less than what durations rest on (a lease is
   * doubted after 600 ms and taken over after 900).
   */
  readonly greatestSlew: number;
  /** Distances below `greatestSlew` of this are closed ever more slowly, so that the reading's own grain makes no unrest. */
  readonly settleUs: number;
  /** A greater distance is a step: the machine slept, or its clock was set. */
  readonly stepUs: number;
  /** After a step the two agree again once they are no further apart than this. */
  readonly agreeUs: number;
  /** So long after a step the clock stays in doubt at least: who sets a clock may set it again. */
  readonly holdUs: number;
}

export const DEFAULT_SLEWING: SlewingClockOptions = {
  greatestSlew: 0.01,
  settleUs: 10_000_000,
  stepUs: 1_000_000,
  agreeUs: 250_000,
  holdUs: 10_000_000,
};

/**
 * A clock that follows the machine's and never runs backwards. It lives on a monotonic reading; a second reading, of the
 * machine's own clock (the wall), is compared from time to time, and the distance is closed by running a little faster or
 * slower. Pure: both readings are handed in.
 *
 * Of steps beyond a second: where the wall is ahead, ours goes there at once, as if the process had stood still meanwhile,
 * which every service bears. The monotonic clock stands still while a machine sleeps, so without it what was heard before
 * would look fresh. Where the wall is behind, ours runs slower until they agree. Either way it is in doubt until then.
 */
export class SlewingClock {
  private anchorMonotonicUs: number;
  private anchorUs: number;
  /** Our microseconds in one of the monotonic clock. */
  private rate = 1;
  /** Where the wall stood less ours at the last step, until they agree again; null: the clock can be relied on. */
  private stepByUs: number | null = null;
  private holdsUntilUs = Number.NEGATIVE_INFINITY;
  private offset = 0;

  constructor(monotonicUs: number, wallUs: number, private readonly options: SlewingClockOptions = DEFAULT_SLEWING) {
    this.anchorMonotonicUs = monotonicUs;
    this.anchorUs = Math.round(wallUs);
  }

  /** Time in integer microseconds since the epoch at a monotonic reading; readings must not run backwards. */
  at(monotonicUs: number): number {
    return this.anchorUs + Math.round((monotonicUs - this.anchorMonotonicUs) * this.rate);
  }

  /** Takes both readings of one moment. */
  compare(monotonicUs: number, wallUs: number): void {
    const { greatestSlew, settleUs, stepUs, agreeUs, holdUs } = this.options;
    const ourUs = this.at(monotonicUs);
    const aheadUs = Math.round(wallUs) - ourUs;
    if (Math.abs(aheadUs) > stepUs) {
      this.stepByUs = aheadUs;
      this.holdsUntilUs = monotonicUs + holdUs;
    } else if (Math.abs(aheadUs) <= agreeUs && monotonicUs >= this.holdsUntilUs) this.stepByUs = null;
    const jumpUs = aheadUs > stepUs ? aheadUs : 0;
    this.anchorMonotonicUs = monotonicUs;
    this.anchorUs = ourUs + jumpUs;
    this.offset = aheadUs - jumpUs;
    this.rate = 1 + Math.max(-greatestSlew, Math.min(greatestSlew, this.offset / settleUs));
  }

  /** The wall less ours at the last comparison, in microseconds. */
  get offsetUs(): number {
    return this.offset;
  }

  /** Why this clock cannot be relied on now, for people; null: it can. */
  get doubt(): string | null {
    const { agreeUs, greatestSlew, holdUs, stepUs } = this.options;
    if (this.stepByUs === null) return null;
    const seconds = `${(Math.abs(this.stepByUs) / 1e6).toFixed(1)} s`;
    if (this.stepByUs > 0) {
      return `the machine's clock went ahead by ${seconds} at once (it slept, or its clock was set): nothing new is opened until it has run evenly for ${holdUs / 1e6} s`;
    }
    const agreesIn = lasting((-this.offset - agreeUs) / greatestSlew);
    return `the machine's clock was set back by more than ${stepUs / 1e6} s and stands ${(-this.offset / 1e6).toFixed(1)} s behind ours, which never runs backwards but `
      + `slows down until they agree, in about ${agreesIn}: nothing new is opened meanwhile. Keep the machine's clock by NTP; a restart takes its time at once`;
  }
}

function lasting(us: number): string {
  const minutes = Math.max(1, Math.ceil(us / 60e6));
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
