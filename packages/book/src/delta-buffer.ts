import { BOOK_COLUMNS, BookChange, type Row } from '@parallax/types';

const MOST_CHANGES = 2_000;
/** A book without a keyframe may be waited for long: what is kept meanwhile is bounded in memory too, here to 8 MiB. */
const MOST_COLUMNS = 2 ** 20;

/** Book changes that arrive while a keyframe is awaited, so that the chain goes on where the keyframe ends. */
export class DeltaBuffer {
  private rows: Row[] = [];
  private columns = 0;

  constructor(
    private readonly mostChanges = MOST_CHANGES,
    private readonly mostColumns = MOST_COLUMNS,
  ) {}

  keep(change: Row): void {
    const columns = BOOK_COLUMNS + (change[BookChange.bidCount] + change[BookChange.askCount]) * 2;
    this.columns += columns;
    this.rows.push(change.slice(0, columns));
    while (this.rows.length > this.mostChanges || (this.columns > this.mostColumns && this.rows.length > 0)) {
      this.columns -= this.rows.shift()!.length;
    }
  }

  /** The changes that follow the one with this id; what came before them is in the keyframe. */
  after(id: number): readonly Row[] {
    const at = this.rows.findIndex((row) => row[BookChange.previousId] === id);
    return at < 0 ? [] : this.rows.slice(at);
  }

  clear(): void {
    this.rows = [];
    this.columns = 0;
  }
}
