import { WriterWatch } from './writer-watch.js';

/** A watch over the writers of each venue of which something was heard. */
export class VenueWriters {
  private readonly watches = new Map<string, WriterWatch>();

  of(venue: string): WriterWatch {
    let watch = this.watches.get(venue);
    if (watch === undefined) this.watches.set(venue, (watch = new WriterWatch()));
    return watch;
  }

  [Symbol.iterator](): IterableIterator<[venue: string, watch: WriterWatch]> {
    return this.watches.entries();
  }
}
