import { byId, KeyedRows, make, setText, type Row } from '../dom.js';
import type { ListStanding } from '../entities.js';
import { momentOf } from '../format.js';

/** One list of the page. Where it is not known to be whole it says so and since when, and never that there is nothing. */
export class Panel<T> {
  private readonly rows: KeyedRows<T>;
  private readonly unsure = make('p', 'unsure');

  /** `nothing` is said where the list is known and empty. */
  constructor(id: string, keyOf: (value: T) => string, row: (value: T) => Row<T>, private readonly nothing: string) {
    const list = byId(id);
    this.rows = new KeyedRows(list, keyOf, row);
    this.unsure.hidden = true;
    list.before(this.unsure);
  }

  show(values: readonly T[], { known, why, sinceUs }: ListStanding, nothing = this.nothing): void {
    this.unsure.hidden = known;
    if (!known) setText(this.unsure, `Unknown${sinceUs > 0 ? ` since ${momentOf(sinceUs)}` : ''}: ${why}.${values.length > 0 ? ' What follows was told before.' : ''}`);
    this.rows.show(values, known ? nothing : '');
  }
}
