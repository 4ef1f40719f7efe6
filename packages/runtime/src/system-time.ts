import { randomBytes } from 'node:crypto';
import type { Clock, Random, Timers } from '@parallax/types';
import { SlewingClock } from './slewing-clock.js';

/** Both clocks of the machine, in microseconds. */
export interface ClockReadings {
  /** Never steps, and may stand still while the machine sleeps. */
  monotonicUs(): number;
  /** Since the epoch; may be set. */
  wallUs(): number;
}

/** A reading of the wall ends at the millisecond: half of one more makes it right on average. */
const HALF_OF_THE_GRAIN_US = 500;
const MACHINE: ClockReadings = {
  monotonicUs: () => performance.now() * 1000,
  wallUs: () => Date.now() * 1000 + HALF_OF_THE_GRAIN_US,
};
/** Often enough that what was heard before the machine slept is not acted on, and too seldom to be felt. */
const COMPARE_EVERY_US = 10_000;

/** The machine's clock in microseconds, followed as {@link SlewingClock} does. */
export class SystemClock implements Clock {
  private readonly slewing: SlewingClock;
  private compareAtUs: number;

  constructor(private readonly machine: ClockReadings = MACHINE) {
    const monotonicUs = machine.monotonicUs();
    this.slewing = new SlewingClock(monotonicUs, machine.wallUs());
    this.compareAtUs = monotonicUs + COMPARE_EVERY_US;
  }

  nowUs(): number {
    const monotonicUs = this.machine.monotonicUs();
    if (monotonicUs >= this.compareAtUs) {
      this.compareAtUs = monotonicUs + COMPARE_EVERY_US;
      this.slewing.compare(monotonicUs, this.machine.wallUs());
    }
    return this.slewing.at(monotonicUs);
  }

  doubt(): string | null {
    this.nowUs();
    return this.slewing.doubt;
  }
}

export class SystemTimers implements Timers {
  after(delayMs: number, callback: () => void): () => void {
    const timer = setTimeout(callback, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  }
}

export class SystemRandom implements Random {
  next(): number {
    return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
  }

  id(bytes: number): string {
    return randomBytes(bytes).toString('hex');
  }
}
