import { isDeepStrictEqual } from 'node:util';
import { withFeed, type VenueFeed, type VenueHealth } from '@parallax/types';

/** Puts together what normalisation and ingestion say of one venue, each in its own time. */
export class VenueBoard {
  private readonly healths = new Map<string, VenueHealth>();
  private readonly feeds = new Map<string, VenueFeed>();

  onHealth(health: VenueHealth): VenueHealth {
    this.healths.set(health.venue, health);
    const feed = this.feeds.get(health.venue);
    return feed ? withFeed(health, feed) : health;
  }

  /** Null where nothing new is to be told: the next word of normalisation tells the rest. */
  onFeed(feed: VenueFeed): VenueHealth | null {
    const known = this.feeds.get(feed.venue);
    const health = this.healths.get(feed.venue);
    this.feeds.set(feed.venue, feed);
    const isNew = health === undefined || known === undefined || !isDeepStrictEqual(known.missing, feed.missing);
    return isNew ? withFeed(health, feed) : null;
  }
}
