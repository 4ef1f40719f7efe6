import type { Clock, Timers } from '@parallax/types';

/** Time for the log itself: monotonic, and no reason for a process to stay alive. */
export const systemPace: { readonly clock: Clock; readonly timers: Timers } = {
  clock: { nowUs: () => Math.round(performance.now() * 1_000) },
  timers: {
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, Math.max(0, delayMs)).unref();
      return () => clearTimeout(timer);
    },
  },
};
