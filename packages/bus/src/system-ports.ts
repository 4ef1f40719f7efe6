import { randomBytes } from 'node:crypto';
import type { Clock, Random, Timers } from '@parallax/types';

/** What the bus needs of the outside world; a simulation hands in its own. */
export interface BusPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** Calls back soon, after what is under way and after waiting input was read. */
  readonly defer: (callback: () => void) => void;
}

/** Random bytes are fetched from the system so many at once: a call costs more than they do. */
const RANDOM_BYTES_AT_ONCE = 4_096;

/** The machine's own clock, timers and randomness. */
export function systemPorts(): BusPorts {
  let lastUs = 0;
  let ahead = Buffer.alloc(0);
  const random = (bytes: number): Buffer => {
    if (ahead.length < bytes) ahead = randomBytes(Math.max(bytes, RANDOM_BYTES_AT_ONCE));
    const taken = ahead.subarray(0, bytes);
    ahead = ahead.subarray(bytes);
    return taken;
  };
  return {
    clock: {
      nowUs() {
        const nowUs = Date.now() * 1_000;
        if (nowUs > lastUs) lastUs = nowUs;
        return lastUs;
      },
    },
    timers: {
      after(delayMs, callback) {
        const timer = setTimeout(callback, delayMs);
        return () => clearTimeout(timer);
      },
    },
    random: {
      next: () => random(6).readUIntBE(0, 6) / 2 ** 48,
      id: (bytes) => random(bytes).toString('hex'),
    },
    defer: (callback) => void setImmediate(callback),
  };
}
