import type { Clock } from '@parallax/types';

const monotonicUs = (): number => {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + Math.floor(nanoseconds / 1000);
};

/** What {@link SharedClock} of every process of one run is made with. */
export const originNowUs = (): number => Math.floor((performance.timeOrigin + performance.now()) * 1000) - monotonicUs();

/** The same time in all processes of one machine: its monotonic clock, moved to the epoch once. */
export class SharedClock implements Clock {
  constructor(private readonly originUs: number) {}

  nowUs(): number {
    return this.originUs + monotonicUs();
  }
}
