import { randomBytes } from 'node:crypto';
import type { Clock, Random, Timers } from '@parallax/types';

/** The machine's clock in microseconds; it follows the monotonic clock, so that it never runs backwards. */
export class SystemClock implements Clock {
  private readonly originUs = Math.round(performance.timeOrigin * 1000);

  nowUs(): number {
    return this.originUs + Math.round(performance.now() * 1000);
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
