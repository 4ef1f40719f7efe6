/** How a queue reads the messages of its transport. */
export interface QueuedMessage {
  readonly subject: string;
}

interface Slot<M> {
  message: M;
}

export const DEFAULT_PENDING_LIMIT = 65_536;

/**
 * What waits for one handler. Never longer than its limit: beyond it either only the newest message per subject stays
 * (`newest`), or everything that waits is dropped at once (`drop`), so that a reader sees one gap and not many.
 * From the first overflow until it is empty a `newest` queue replaces a waiting message of the same subject in place.
 */
export class DeliveryQueue<M extends QueuedMessage> {
  private slots: Slot<M>[] = [];
  private head = 0;
  private bySubject: Map<string, Slot<M>> | null = null;
  private untold = 0;
  /** All that was dropped or conflated away since the beginning. */
  lost = 0;

  constructor(
    private readonly limit: number,
    private readonly whenSlow: 'newest' | 'drop',
  ) {}

  get size(): number {
    return this.slots.length - this.head;
  }

  push(message: M): void {
    if (this.bySubject === null && this.size >= this.limit) {
      if (this.whenSlow === 'drop') this.dropAll();
      else this.conflate();
    }
    if (this.bySubject !== null) {
      const waiting = this.bySubject.get(message.subject);
      if (waiting !== undefined) {
        waiting.message = message;
        this.lose(1);
        return;
      }
      if (this.size >= this.limit) {
        this.shift();
        this.lose(1);
      }
    }
    const slot = { message };
    this.slots.push(slot);
    this.bySubject?.set(message.subject, slot);
  }

  shift(): M | undefined {
    if (this.head === this.slots.length) return undefined;
    const slot = this.slots[this.head];
    this.slots[this.head++] = undefined as never;
    this.bySubject?.delete(slot.message.subject);
    if (this.head === this.slots.length) {
      this.slots = [];
      this.head = 0;
      this.bySubject = null;
    } else if (this.head >= 1_024 && this.head * 2 >= this.slots.length) {
      this.slots = this.slots.slice(this.head);
      this.head = 0;
    }
    return slot.message;
  }

  /** What was lost since this was last asked. */
  takeLoss(): number {
    const { untold } = this;
    this.untold = 0;
    return untold;
  }

  clear(): void {
    this.slots = [];
    this.head = 0;
    this.bySubject = null;
  }

  private dropAll(): void {
    this.lose(this.size);
    this.clear();
  }

  private conflate(): void {
    const newest = new Map<string, Slot<M>>();
    const before = this.size;
    for (let at = this.head; at < this.slots.length; at++) {
      const slot = this.slots[at];
      const waiting = newest.get(slot.message.subject);
      if (waiting === undefined) newest.set(slot.message.subject, slot);
      else waiting.message = slot.message;
    }
    this.slots = [...newest.values()];
    this.head = 0;
    this.bySubject = newest;
    this.lose(before - this.slots.length);
  }

  /** Counts what was dropped, here or on the way here. */
  lose(lost: number): void {
    this.lost += lost;
    this.untold += lost;
  }
}
