import type { Random } from '@parallax/types';

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

/** A fixed floor with an exponential tail of mean `tailUs`: most answers are quick, a few are very late. */
export class TailedLatency implements LatencyModel {
  constructor(
    private readonly floorUs: number,
    private readonly tailUs: number,
    private readonly random: Random,
  ) {}

  entryUs(): number {
    return this.draw();
  }

  responseUs(): number {
    return this.draw();
  }

  private draw(): number {
    return Math.round(this.floorUs - Math.log(1 - this.random.next()) * this.tailUs);
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
