/**
 * The greatest value among the newest `capacity` slots, in amortised constant time: a queue whose values only fall, so
 * that the greatest stands at its front. For the least, feed negated values. Slots are numbered upwards.
 */
export class SlidingMaximum {
  private readonly slots: Float64Array;
  private readonly values: Float64Array;
  private head = 0;
  private count = 0;

  constructor(private readonly capacity: number) {
    this.slots = new Float64Array(capacity);
    this.values = new Float64Array(capacity);
  }

  clear(): void {
    this.count = 0;
  }

  push(slot: number, value: number): void {
    while (this.count > 0 && this.values[this.at(this.count - 1)] <= value) this.count--;
    this.dropBefore(slot - this.capacity + 1);
    const at = this.at(this.count++);
    this.slots[at] = slot;
    this.values[at] = value;
  }

  /** Forgets slots older than `slot`. */
  dropBefore(slot: number): void {
    while (this.count > 0 && this.slots[this.head] < slot) {
      this.head = this.head + 1 === this.capacity ? 0 : this.head + 1;
      this.count--;
    }
  }

  /** -Infinity when no slot holds a value. */
  get value(): number {
    return this.count === 0 ? Number.NEGATIVE_INFINITY : this.values[this.head];
  }

  private at(offset: number): number {
    const at = this.head + offset;
    return at >= this.capacity ? at - this.capacity : at;
  }
}
