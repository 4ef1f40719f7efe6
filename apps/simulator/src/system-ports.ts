import type { Clock, Timers } from '@parallax/types';

/** The machine's clock: wall time at start, then the monotonic clock, so that it never runs backwards. */
export function systemClock(): Clock {
  const startUs = Date.now() * 1000;
  const startNs = process.hrtime.bigint();
  return { nowUs: () => startUs + Number((process.hrtime.bigint() - startNs) / 1000n) };
}

export const systemTimers: Timers = {
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
