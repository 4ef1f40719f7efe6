/** One side of a book: parallel arrays, best price first; integers at the instrument's scales. */
export class ModelSide {
  readonly prices: number[] = [];
  readonly sizes: number[] = [];
  /** Prices whose size changed since the changes were last taken. */
  private readonly touched = new Set<number>();

  /** `direction` is -1 for bids (falling prices) and 1 for asks. */
  constructor(
    readonly direction: 1 | -1,
    private readonly onChange: () => void,
  ) {}

  get count(): number {
    return this.prices.length;
  }

  /** 0 when the side is empty. */
  get best(): number {
    return this.prices[0] ?? 0;
  }

  get worst(): number {
    return this.prices[this.prices.length - 1] ?? 0;
  }

  sizeAt(price: number): number {
    const at = this.search(price);
    return this.prices[at] === price ? this.sizes[at] : 0;
  }

  /** Sets an absolute size; 0 removes the level. Counts as one update when it changes anything. */
  set(price: number, size: number): void {
    const at = this.search(price);
    const known = this.prices[at] === price;
    if ((known ? this.sizes[at] : 0) === size) return;
    if (size === 0) {
      this.prices.splice(at, 1);
      this.sizes.splice(at, 1);
    } else if (known) {
      this.sizes[at] = size;
    } else {
      this.prices.splice(at, 0, price);
      this.sizes.splice(at, 0, size);
    }
    this.touched.add(price);
    this.onChange();
  }

  /** Removes every level better than `price`. */
  removeBetterThan(price: number): void {
    while (this.count > 0 && (this.best - price) * this.direction < 0) this.set(this.best, 0);
  }

  /** Calls back with each changed level and its size now (0 = gone), best price first, and forgets them. */
  takeChanges(each: (price: number, size: number) => void): void {
    const prices = [...this.touched].toSorted((left, right) => (left - right) * this.direction);
    this.touched.clear();
    for (const price of prices) each(price, this.sizeAt(price));
  }

  /** Index of the price, or of where it would stand. */
  private search(price: number): number {
    let low = 0;
    let high = this.prices.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.prices[middle] - price) * this.direction < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The true book of one instrument. `updateId` counts level changes by one. */
export class ModelBook {
  updateId = 0;
  readonly bids: ModelSide;
  readonly asks: ModelSide;

  constructor() {
    const count = (): void => void this.updateId++;
    this.bids = new ModelSide(-1, count);
    this.asks = new ModelSide(1, count);
  }
}
