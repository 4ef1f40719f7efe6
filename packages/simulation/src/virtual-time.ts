import { ParallaxError, type Clock, type Timers } from '@parallax/types';

interface Alarm {
  readonly atUs: number;
  readonly number: number;
  readonly callback: () => void;
}

/**
 * Time that moves only when told: the clock and timers of a backtest and of deterministic tests. Alarms ring in order of
 * their time, then of their setting, each at its own moment.
 */
export class VirtualTime implements Clock, Timers {
  private readonly alarms: Alarm[] = [];
  private set = 0;

  constructor(private us = 0) {}

  nowUs(): number {
    return this.us;
  }

  after(delayMs: number, callback: () => void): () => void {
    const alarm = { atUs: this.us + Math.round(delayMs * 1000), number: this.set++, callback };
    let at = this.alarms.length;
    while (at > 0 && this.alarms[at - 1].atUs > alarm.atUs) at--;
    this.alarms.splice(at, 0, alarm);
    return () => {
      const found = this.alarms.indexOf(alarm);
      if (found >= 0) this.alarms.splice(found, 1);
    };
  }

  /** The moment of the next alarm; `Infinity` when none is set. */
  get nextAlarmUs(): number {
    return this.alarms.length > 0 ? this.alarms[0].atUs : Number.POSITIVE_INFINITY;
  }

  /** Moves time forward and rings what falls due on the way. @throws ParallaxError `INTERNAL` for a moment past. */
  advanceTo(us: number): void {
    if (us < this.us) throw new ParallaxError('INTERNAL', `time cannot run back from ${this.us} to ${us}`);
    for (let alarm = this.alarms[0]; alarm && alarm.atUs <= us; alarm = this.alarms[0]) {
      this.alarms.shift();
      this.us = alarm.atUs;
      alarm.callback();
    }
    this.us = us;
  }

  advanceByMs(ms: number): void {
    this.advanceTo(this.us + Math.round(ms * 1000));
  }
}
