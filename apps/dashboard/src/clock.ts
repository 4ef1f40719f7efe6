import { browserUs } from './system-time.js';

let ahead: number | null = null;

/** Notes the gateway's time of a message that has just come. */
export function noteServerTime(atUs: number): void {
  const difference = browserUs() - atUs;
  // Messages are late at times, never early: the smallest difference is the truest; it may drift a little.
  ahead = ahead === null || difference < ahead || difference > ahead + 5_000_000 ? difference : ahead + 500;
}

export const serverUs = (): number => browserUs() - (ahead ?? 0);
