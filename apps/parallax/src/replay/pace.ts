import type { Clock, Timers } from '@parallax/types';
import type { PlayerOptions } from './player.js';

/** Waits until event time is due; counts from the first step, so that starting up costs no pace. */
export function paced(speed: number, clock: Clock, timers: Timers, signal: AbortSignal): PlayerOptions['pace'] {
  let originUs = 0;
  return async (elapsedUs) => {
    const nowUs = clock.nowUs();
    if (originUs === 0) originUs = nowUs - elapsedUs / speed;
    const aheadMs = (originUs + elapsedUs / speed - nowUs) / 1000;
    if (aheadMs <= 1 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const cancel = timers.after(aheadMs, end);
      function end(): void {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      }
      signal.addEventListener('abort', end);
    });
  };
}
