/** Events this far from the receive clock are refused: more than any clock skew or delay explains. */
export const IMPLAUSIBLE_US = 86_400_000_000;
const WINDOW_US = 60_000_000;

/** Whether an event can be of that time. A venue that sends no time (0) tells nothing. */
export function isPossibleTime(exchangeAtUs: number, receivedAtUs: number): boolean {
  return exchangeAtUs === 0 || Math.abs(receivedAtUs - exchangeAtUs) <= IMPLAUSIBLE_US;
}

/**
 * Distance of our clock from a venue's: the smallest `received - exchange` over the last one to two minutes, that is the
 * skew plus the fastest transit. Negative where our clock is behind.
 */
export class ClockOffset {
  private current = Infinity;
  private previous = Infinity;
  private windowEndUs = 0;

  /** Returns false for a time that cannot be; such a time and none (0) change nothing. */
  observe(exchangeAtUs: number, receivedAtUs: number): boolean {
    if (exchangeAtUs === 0) return true;
    if (!isPossibleTime(exchangeAtUs, receivedAtUs)) return false;
    const distance = receivedAtUs - exchangeAtUs;
    if (receivedAtUs >= this.windowEndUs) {
      this.previous = this.current;
      this.current = Infinity;
      this.windowEndUs = receivedAtUs + WINDOW_US;
    }
    if (distance < this.current) this.current = distance;
    return true;
  }

  /** Microseconds, or null before the first observation. */
  get offsetUs(): number | null {
    const smallest = Math.min(this.current, this.previous);
    return smallest === Infinity ? null : smallest;
  }
}
