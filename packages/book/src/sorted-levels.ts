/** Levels of a block; a block that is full is split in two. */
const BLOCK = 64;

/** Some neighbouring levels of one side, best first. */
class Block {
  count = 0;
  readonly ranks = new Float64Array(BLOCK);
  readonly sizes = new Float64Array(BLOCK);

  /** The first index whose rank is not better than `rank`. */
  indexOf(rank: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ranks[middle] > rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  insertAt(at: number, rank: number, size: number): void {
    const { ranks, sizes } = this;
    for (let i = this.count; i > at; i--) {
      ranks[i] = ranks[i - 1];
      sizes[i] = sizes[i - 1];
    }
    ranks[at] = rank;
    sizes[at] = size;
    this.count++;
  }

  removeAt(at: number): void {
    const { ranks, sizes } = this;
    this.count--;
    for (let i = at; i < this.count; i++) {
      ranks[i] = ranks[i + 1];
      sizes[i] = sizes[i + 1];
    }
  }

  /** Gives the worse half to a new block. */
  split(): Block {
    const worse = new Block();
    const from = this.count >>> 1;
    worse.ranks.set(this.ranks.subarray(from, this.count));
    worse.sizes.set(this.sizes.subarray(from, this.count));
    worse.count = this.count - from;
    this.count = from;
    return worse;
  }
}

/**
 * Levels of one side in order, whatever their prices: blocks of typed arrays, best first, so that a change moves the levels
 * of one block at most. `rank` is the price turned so that a higher rank is better (the price for bids, its negative for
 * asks).
 */
export class SortedLevels {
  count = 0;
  /** No block is empty. */
  readonly blocks: Block[] = [];

  /** Rank of the best level; -Infinity where there is none. */
  get bestRank(): number {
    return this.count === 0 ? -Infinity : this.blocks[0].ranks[0];
  }
  get bestSize(): number {
    return this.count === 0 ? 0 : this.blocks[0].sizes[0];
  }
  /** Rank of the worst level; Infinity where there is none. */
  get worstRank(): number {
    if (this.count === 0) return Infinity;
    const last = this.blocks[this.blocks.length - 1];
    return last.ranks[last.count - 1];
  }

  clear(): void {
    this.count = 0;
    this.blocks.length = 0;
  }

  /** Sets a level's absolute size, 0 removes it. Returns the size it had. */
  set(rank: number, size: number): number {
    const place = this.blockOf(rank);
    if (place === this.blocks.length) {
      if (size > 0) this.append(rank, size);
      return 0;
    }
    const block = this.blocks[place];
    const at = block.indexOf(rank);
    if (block.ranks[at] !== rank) {
      if (size > 0) this.insert(place, at, rank, size);
      return 0;
    }
    const before = block.sizes[at];
    if (size > 0) block.sizes[at] = size;
    else this.remove(place, at);
    return before;
  }

  sizeOf(rank: number): number {
    const block = this.blocks[this.blockOf(rank)];
    if (block === undefined) return 0;
    const at = block.indexOf(rank);
    return block.ranks[at] === rank ? block.sizes[at] : 0;
  }

  /** The first block whose worst level is not better than `rank`; the number of blocks where there is none. */
  private blockOf(rank: number): number {
    const { blocks } = this;
    let low = 0;
    let high = blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const block = blocks[middle];
      if (block.ranks[block.count - 1] > rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds the worst level; blocks stay full where levels come in order, as those of snapshots do. */
  private append(rank: number, size: number): void {
    let last = this.blocks.at(-1);
    if (last === undefined || last.count === BLOCK) this.blocks.push((last = new Block()));
    last.insertAt(last.count, rank, size);
    this.count++;
  }

  private insert(place: number, at: number, rank: number, size: number): void {
    const block = this.blocks[place];
    this.count++;
    if (block.count < BLOCK) return block.insertAt(at, rank, size);
    const worse = block.split();
    this.blocks.splice(place + 1, 0, worse);
    if (at <= block.count) block.insertAt(at, rank, size);
    else worse.insertAt(at - block.count, rank, size);
  }

  private remove(place: number, at: number): void {
    const block = this.blocks[place];
    this.count--;
    block.removeAt(at);
    if (block.count === 0) this.blocks.splice(place, 1);
  }
}
