/** How long an order travels to the venue and its answer back, in integer microseconds. */
export interface LatencyModel {
  entryUs(nowUs: number): number;
  responseUs(nowUs: number): number;
}

export class ConstantLatency implements LatencyModel {
  constructor(
    private readonly entry: number,
    private readonly response: number = entry,
  ) {}

  entryUs(): number {
    return this.entry;
  }

  responseUs(): number {
    return this.response;
  }
}

/**
 * A way on which nothing overtakes: one connection delivers in the order of sending, so something that would arrive
 * before its predecessor arrives together with it.
 */
export class OrderedArrivals<Item> {
  private readonly items: Item[] = [];
  private readonly dueUs: number[] = [];

  get nextUs(): number {
    return this.dueUs.length > 0 ? this.dueUs[0] : Number.POSITIVE_INFINITY;
  }

  push(item: Item, arrivesAtUs: number): void {
    const last = this.dueUs.length - 1;
    this.items.push(item);
    this.dueUs.push(last >= 0 && this.dueUs[last] > arrivesAtUs ? this.dueUs[last] : arrivesAtUs);
  }

  /** The next item that has arrived by `nowUs`; undefined when none has. */
  take(nowUs: number): Item | undefined {
    if (this.nextUs > nowUs) return undefined;
    this.dueUs.shift();
    return this.items.shift();
  }
}
