import type { DepthSource } from '@parallax/arbitrage';
import { BookFollower, Side } from '@parallax/book';
import { Quote, Trust, type InstrumentTable, type Row } from '@parallax/types';
import { RowReader } from '@parallax/wire';

/** Asks for one instrument's keyframe; the answer is a row of bytes. */
export type AskKeyframe = (instrument: number) => Promise<Uint8Array>;

/**
 * The books that arbitrage walks: followed by keyframe and chain. One that has lost its chain shows nothing and asks for
 * a keyframe, one request at a time.
 */
export class FollowedBooks implements DepthSource {
  private readonly followers: (BookFollower | undefined)[] = [];
  private readonly asking = new Set<number>();
  private readonly reader = new RowReader();
  private wereHeld = false;

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly ask: AskKeyframe,
  ) {}

  top(instrument: number, side: Side, prices: Float64Array, sizes: Float64Array): number {
    return this.followers[instrument]?.reader?.top(side, prices, sizes) ?? 0;
  }

  onBook(instrument: number, row: Row): void {
    if (!this.take(instrument, row)) this.want(instrument);
  }

  /** A quote whose book is lost takes the copy of it along. */
  onQuote(instrument: number, row: Row): void {
    if (row[Quote.trust] === Trust.resyncing) this.followers[instrument]?.lose();
  }

  /** Books that are in step. */
  get held(): number {
    return this.followers.reduce((count, follower) => count + (follower?.inStep ? 1 : 0), 0);
  }
  /** Why no book is held, or null where one is. */
  get whyNone(): string | null {
    if (this.held > 0) return null;
    if (this.followers.length === 0) return 'no book has come yet';
    return this.wereHeld
      ? 'no book is held now: those that came were lost or are in doubt, and come back with their next keyframes'
      : 'no book is held yet: changes came, but no keyframe to begin a book with';
  }
  get breaks(): number {
    return this.followers.reduce((count, follower) => count + (follower?.breaks ?? 0), 0);
  }

  private of(instrument: number): BookFollower {
    return (this.followers[instrument] ??= new BookFollower(this.instruments.get(instrument).priceStep));
  }

  private take(instrument: number, row: Row): boolean {
    const isHeld = this.of(instrument).apply(row);
    this.wereHeld ||= isHeld;
    return isHeld;
  }

  private want(instrument: number): void {
    if (this.asking.has(instrument)) return;
    this.asking.add(instrument);
    void this.ask(instrument)
      .then((bytes) => void this.take(instrument, this.reader.market(bytes, 'book')))
      .catch(() => {
        // The next change of this book finds it still out of step and asks again.
      })
      .finally(() => this.asking.delete(instrument));
  }
}
