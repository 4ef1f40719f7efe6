/** One bit per tick of a window, and one bit per word of those, so that the next occupied tick is found in two steps. */
export class OccupiedTicks {
  private readonly words: Int32Array;
  private readonly summary: Int32Array;

  /** `size` is a multiple of 1024. */
  constructor(size: number) {
    this.words = new Int32Array(size >>> 5);
    this.summary = new Int32Array(size >>> 10);
  }

  add(tick: number): void {
    const word = tick >>> 5;
    this.words[word] |= 1 << (tick & 31);
    this.summary[word >>> 5] |= 1 << (word & 31);
  }

  remove(tick: number): void {
    const word = tick >>> 5;
    if ((this.words[word] &= ~(1 << (tick & 31))) === 0) this.summary[word >>> 5] &= ~(1 << (word & 31));
  }

  clear(): void {
    this.words.fill(0);
    this.summary.fill(0);
  }

  /** The lowest occupied tick, or -1. */
  lowest(): number {
    for (let group = 0; group < this.summary.length; group++) {
      const words = this.summary[group];
      if (words === 0) continue;
      const word = (group << 5) + lowestBit(words);
      return (word << 5) + lowestBit(this.words[word]);
    }
    return -1;
  }

  /** The highest occupied tick at or below `tick`, or -1. */
  highestAtOrBelow(tick: number): number {
    if (tick < 0) return -1;
    let word = tick >>> 5;
    // (2 << 31) is 0 in 32 bits, so that bit 31 keeps the whole word.
    let bits = this.words[word] & ((2 << (tick & 31)) - 1);
    if (bits !== 0) return (word << 5) + 31 - Math.clz32(bits);
    word--;
    if (word < 0) return -1;
    let group = word >>> 5;
    bits = this.summary[group] & ((2 << (word & 31)) - 1);
    while (bits === 0) {
      if (--group < 0) return -1;
      bits = this.summary[group];
    }
    word = (group << 5) + 31 - Math.clz32(bits);
    return (word << 5) + 31 - Math.clz32(this.words[word]);
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
