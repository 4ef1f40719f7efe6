import type { Clock, Timers } from '@parallax/types';

interface Alarm {
  readonly atUs: number;
  readonly callback: () => void;
}

/**
 * Time that moves only when told: the clock and timers of a replay, of a backtest and of deterministic tests. Alarms ring
 * in order of their time, then of their setting, each at its own moment.
 */
export class VirtualTime implements Clock, Timers {
  /** In the order in which they ring. */
  private readonly alarms: Alarm[] = [];

  constructor(protected us = 0) {}

  nowUs(): number {
    return this.us;
  }

  after(delayMs: number, callback: () => void): () => void {
    const alarm = { atUs: this.us + Math.max(0, Math.round(delayMs * 1000)), callback };
    let at = this.alarms.length;
    while (at > 0 && this.alarms[at - 1].atUs > alarm.atUs) at--;
    this.alarms.splice(at, 0, alarm);
    return () => {
      const found = this.alarms.indexOf(alarm);
      if (found >= 0) this.alarms.splice(found, 1);
    };
  }

  /**
   * Moves time forward and rings what falls due on the way, also what is set meanwhile. Time never runs back: a moment past
   * changes nothing.
   */
  advanceTo(us: number): void {
    for (let alarm = this.alarms[0]; alarm && alarm.atUs <= us; alarm = this.alarms[0]) {
      this.alarms.shift();
      this.us = Math.max(this.us, alarm.atUs);
      alarm.callback();
    }
    this.us = Math.max(this.us, us);
  }
}
