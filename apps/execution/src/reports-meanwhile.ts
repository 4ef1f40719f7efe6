import type { VenueOrder } from '@parallax/types';

interface Venue {
  /** Pages under way, of different accounts. */
  pages: number;
  /** The newest time of each order that was reported since the first of them was asked for, in microseconds. */
  readonly newestUs: Map<string, number>;
}

/**
 * What venues report while a page of their orders is on its way or is being taken in: the page may be older than the report, and
 * an order must not be compared with its own past.
 */
export class ReportsMeanwhile {
  private readonly venues = new Map<string, Venue>();

  /** A page is asked for. Returns what is called once it is taken in. */
  begin(name: string): () => void {
    let venue = this.venues.get(name);
    if (venue === undefined) this.venues.set(name, (venue = { pages: 0, newestUs: new Map() }));
    const { newestUs } = venue;
    venue.pages++;
    return () => {
      if (--venue.pages === 0) newestUs.clear();
    };
  }

  heard(name: string, { clientId, atUs }: VenueOrder): void {
    const venue = this.venues.get(name);
    if (venue === undefined || venue.pages === 0) return;
    venue.newestUs.set(clientId, Math.max(atUs, venue.newestUs.get(clientId) ?? atUs));
  }

  /** Whether a newer word of the order was heard. */
  isPast(name: string, { clientId, atUs }: VenueOrder): boolean {
    return (this.venues.get(name)?.newestUs.get(clientId) ?? atUs) > atUs;
  }
}
