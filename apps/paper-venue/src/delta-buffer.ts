import { BOOK_COLUMNS, BookChange, type Row } from '@parallax/types';

/** Book changes that arrive while a keyframe is awaited, so that the chain goes on where the keyframe ends. */
export class DeltaBuffer {
  private rows: Row[] = [];

  constructor(private readonly limit = 2_000) {}

  keep(change: Row): void {
    const columns = BOOK_COLUMNS + (change[BookChange.bidCount] + change[BookChange.askCount]) * 2;
    if (this.rows.length === this.limit) this.rows.shift();
    this.rows.push(change.slice(0, columns));
  }

  /** The changes that follow the one with this id; what came before them is in the keyframe. */
  after(id: number): readonly Row[] {
    const at = this.rows.findIndex((row) => row[BookChange.previousId] === id);
    return at < 0 ? [] : this.rows.slice(at);
  }
}
