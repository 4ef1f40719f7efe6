interface Due<Item> {
  readonly atUs: number;
  readonly item: Item;
}

/** A binary heap: what falls due first comes first, in logarithmic time. */
export class DueQueue<Item> {
  private readonly heap: Due<Item>[] = [];

  /** When the first item falls due; `Infinity` when there is none. */
  get nextAtUs(): number {
    return this.heap.length > 0 ? this.heap[0].atUs : Infinity;
  }

  add(atUs: number, item: Item): void {
    const { heap } = this;
    let place = heap.push({ atUs, item }) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (heap[above].atUs <= heap[place].atUs) return;
      [heap[above], heap[place]] = [heap[place], heap[above]];
      place = above;
    }
  }

  /** Takes the first item if it is due by `nowUs`. */
  take(nowUs: number): Item | undefined {
    const { heap } = this;
    if (heap.length === 0 || heap[0].atUs > nowUs) return undefined;
    const { item } = heap[0];
    const last = heap.pop() as Due<Item>;
    if (heap.length > 0) {
      heap[0] = last;
      this.sink();
    }
    return item;
  }

  private sink(): void {
    const { heap } = this;
    for (let place = 0; ; ) {
      let least = place;
      for (const below of [2 * place + 1, 2 * place + 2]) {
        if (below < heap.length && heap[below].atUs < heap[least].atUs) least = below;
      }
      if (least === place) return;
      [heap[least], heap[place]] = [heap[place], heap[least]];
      place = least;
    }
  }
}
