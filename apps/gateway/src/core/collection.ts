/** One entity as the gateway last heard of it. */
export interface Kept<T> {
  readonly key: string;
  readonly value: T;
  /** Grows with each new key, so that newest-first pages do not shift while entities change. */
  readonly ordinal: number;
}

export interface Page<T> {
  readonly data: T[];
  /** Opaque; hand it back to read on. Null at the end. */
  readonly cursor: string | null;
}

/**
 * Last values by key, bounded: beyond `limit` keys the oldest goes, of those that stand no more as long as there is one. Pages run
 * newest first or by key, and stay stable while values change because a cursor names a place in the order and not a number of rows.
 */
export class Collection<T> {
  private readonly kept = new Map<string, Kept<T>>();
  private ordinals = 0;

  constructor(
    readonly order: 'newest' | 'key',
    private readonly limit = 10_000,
    /** Whether a value tells what is now; where left out, all tell what was. */
    private readonly stands: (value: T) => boolean = () => false,
  ) {}

  get size(): number {
    return this.kept.size;
  }

  get(key: string): T | undefined {
    return this.kept.get(key)?.value;
  }

  put(key: string, value: T): void {
    const ordinal = this.kept.get(key)?.ordinal ?? ++this.ordinals;
    this.kept.set(key, { key, value, ordinal });
    if (this.kept.size > this.limit) this.dropOldest();
  }

  delete(key: string): boolean {
    return this.kept.delete(key);
  }

  /** In this collection's order: all values that stand, and of the others the first `limit`. */
  values(limit = Number.POSITIVE_INFINITY): T[] {
    let others = 0;
    return this.sorted().map(({ value }) => value).filter((value) => this.stands(value) || others++ < limit);
  }

  /** The page after `cursor`, or null when the cursor is not one of this collection's. */
  page(filter: (value: T) => boolean, limit: number, cursor?: string): Page<T> | null {
    const after = cursor === undefined ? null : this.place(cursor);
    if (cursor !== undefined && after === null) return null;
    const data: T[] = [];
    let last: Kept<T> | null = null;
    for (const entry of this.sorted()) {
      if (after !== null && !this.follows(entry, after)) continue;
      if (!filter(entry.value)) continue;
      if (data.length === limit) return { data, cursor: this.cursorOf(last!) };
      data.push(entry.value);
      last = entry;
    }
    return { data, cursor: null };
  }

  private dropOldest(): void {
    for (const { key, value } of this.kept.values()) {
      if (!this.stands(value)) return void this.kept.delete(key);
    }
    this.kept.delete(this.kept.keys().next().value!);
  }

  private sorted(): Kept<T>[] {
    const entries = [...this.kept.values()];
    if (this.order === 'newest') return entries.toReversed();
    return entries.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  }

  private follows(entry: Kept<T>, after: string): boolean {
    return this.order === 'newest' ? entry.ordinal < Number(after) : entry.key > after;
  }

  private cursorOf(entry: Kept<T>): string {
    const place = this.order === 'newest' ? String(entry.ordinal) : entry.key;
    return Buffer.from(`${this.order}:${place}`).toString('base64url');
  }

  private place(cursor: string): string | null {
    const text = Buffer.from(cursor, 'base64url').toString();
    if (!text.startsWith(`${this.order}:`)) return null;
    const place = text.slice(this.order.length + 1);
    return this.order === 'newest' && !/^\d+$/.test(place) ? null : place;
  }
}
