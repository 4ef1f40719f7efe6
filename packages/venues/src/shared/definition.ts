import type { JoinRule } from '@parallax/book';
import type { InstrumentSpecification, InstrumentTable, MarketKind } from '@parallax/types';
import type { FrameReader, FrameSink } from './reader.js';
import type { FeedName, RestEndpoint, VenueStream } from './stream.js';

export type { Channel, ConnectionPlan, Endpoints, FeedName, Owed, RestEndpoint, StreamRequest, VenueStream } from './stream.js';

/** What a venue offers, as one typed value. Everything in it is pure; sockets belong to apps/ingestion. */
export interface VenueDefinition {
  /** ccxt's id. */
  readonly id: string;
  readonly name: string;
  readonly feeds: readonly FeedName[];
  readonly stream: VenueStream;
  readonly listing: VenueListing;
  /** How snapshot and updates are joined, and which checks the venue allows. */
  readonly join: JoinRule;
  /** REST snapshots, for venues whose join asks for them. */
  readonly snapshots?: VenueSnapshots;
  readonly limits: VenueLimits;
  /** Addresses of REST in order of preference, where the venue has several that answer alike. */
  readonly restHosts?: readonly string[];
  /** The venue's public rates of its lowest tier, without discounts, for each kind of market that it lists; configuration overrides them. */
  readonly fees: Readonly<Partial<Record<MarketKind, TradingFees>>>;
  /** Well-known instruments, for recordings that carry no listing. */
  readonly catalogue: readonly InstrumentSpecification[];
  createReader(instruments: InstrumentTable, sink: FrameSink): FrameReader;
}

/** Shares of the traded value as decimal text; where they stand and of which tier they are, for people. */
export interface TradingFees {
  readonly maker: string;
  readonly taker: string;
  readonly source: string;
}

export interface VenueListing {
  urls(endpoint?: RestEndpoint): readonly string[];
  /**
   * Reads one answer. Entries that cannot be read are left out and told with their place; of an answer that is no listing that
   * begins with `$`.
   */
  read(text: string, onRefused: (reason: string, place: string) => void): InstrumentSpecification[];
}

export interface VenueSnapshots {
  url(instrument: InstrumentSpecification, endpoint?: RestEndpoint): string;
  /** Request weight in the venue's pool, see limits. */
  readonly weight: number;
}

/** At most `amount` within any stretch of `everyMs`. */
export interface Rate {
  readonly amount: number;
  readonly everyMs: number;
}

/** Rate limits as data, the venue's own figures; packages/ingestion obeys them. */
export interface VenueLimits {
  /** Attempts to connect, of one address. */
  readonly connections: Rate;
  /** Messages sent on one connection. */
  readonly messages: Rate;
  /** Messages that one address sends on all its connections; absent where the venue counts by connection alone. */
  readonly addressMessages?: Rate;
  readonly streamsPerConnection: number;
  /** Weight of REST requests, of one address. */
  readonly restWeight: Rate;
}
