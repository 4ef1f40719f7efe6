/** So many wrong keys an address may send in one window before it is slowed down: a person who mistypes stays below. */
export const PATIENCE = 10;
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
  /** Addresses that were slowed down, the newest last, and until when they are told of. */
  private readonly slowed = new Map<string, number>();

  /** Takes note of one more; true: there were too many of this address. */
  add(address: string, nowUs: number): boolean {
    this.total++;
    let seen = this.seen.get(address);
    if (seen === undefined || nowUs - seen.sinceUs >= WINDOW_US) {
      this.seen.delete(address);
      this.seen.set(address, (seen = { count: 0, sinceUs: nowUs }));
      forgetOldest(this.seen);
    }
    if (++seen.count <= PATIENCE) return false;
    this.slowed.delete(address);
    this.slowed.set(address, nowUs + WINDOW_US);
    forgetOldest(this.slowed);
    return true;
  }

  /** Addresses that sent too many within the last minute, the newest first. */
  guessersAt(nowUs: number): string[] {
    return [...this.slowed].filter(([, untilUs]) => nowUs < untilUs).map(([address]) => address).toReversed();
  }
}

function forgetOldest(addresses: Map<string, unknown>): void {
  if (addresses.size > ADDRESSES) addresses.delete(addresses.keys().next().value!);
}
