/** So many wrong keys an address may send in one window before it is slowed down: a person who mistypes stays below. */
const PATIENCE = 10;
const WINDOW_US = 60_000_000;
/** So many addresses are remembered; then those that were seen first go. */
const ADDRESSES = 1_000;

interface Seen {
  count: number;
  sinceUs: number;
}

/** Counts wrong keys by the address that they came from, within a minute. Pure. */
export class WrongKeys {
  /** Since the start, from anywhere. */
  total = 0;
  private readonly seen = new Map<string, Seen>();
  private slowedUntilUs = Number.NEGATIVE_INFINITY;

  /** Takes note of one more; true: there were too many of this address. */
  add(address: string, nowUs: number): boolean {
    this.total++;
    let seen = this.seen.get(address);
    if (seen === undefined || nowUs - seen.sinceUs >= WINDOW_US) {
      this.seen.delete(address);
      this.seen.set(address, (seen = { count: 0, sinceUs: nowUs }));
      if (this.seen.size > ADDRESSES) this.seen.delete(this.seen.keys().next().value!);
    }
    if (++seen.count <= PATIENCE) return false;
    this.slowedUntilUs = nowUs + WINDOW_US;
    return true;
  }

  /** Whether some address was slowed down within the last minute. */
  isGuessedAt(nowUs: number): boolean {
    return nowUs < this.slowedUntilUs;
  }
}
