import type { JoinRule } from '@parallax/book';
import type { InstrumentSpecification, InstrumentTable, MarketKind } from '@parallax/types';
import type { FrameReader, FrameSink } from './reader.js';

export type FeedName = 'depth' | 'trades' | 'ticker';

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

/** One socket to open: the endpoints in order of preference and what to send once it is open. */
export interface ConnectionPlan {
  readonly urls: readonly string[];
  readonly subscribe: readonly string[];
  /** Instruments and feeds that this connection carries. */
  readonly symbols: readonly string[];
  readonly feeds: readonly FeedName[];
}

export interface VenueStream {
  /** Splits instruments and feeds over as many connections as the venue's limits ask for. */
  plan(instruments: readonly InstrumentSpecification[], feeds: readonly FeedName[], endpoints?: Endpoints): ConnectionPlan[];
  /** Messages that make the venue send one symbol's book anew; empty = only a new connection does. */
  resubscribe(instrument: InstrumentSpecification, feed: FeedName): readonly string[];
  /** Text that the venue answers, sent when nothing arrived for `afterMs`; absent where it beats by itself. */
  readonly keepAlive?: { readonly afterMs: number; readonly text: string };
  /** No frame at all for so long means that the connection is dead. */
  readonly silenceMs: number;
  /** The venue closes connections of this age; a replacement opens before. Absent where it names none. */
  readonly lifetimeMs?: number;
  /** Whether a frame says that the venue will close the connection soon; absent where none says so. */
  readonly announcesEnd?: (frame: Uint8Array) => boolean;
}

/** Where REST requests go, e.g. `http://127.0.0.1:9100`. */
export interface RestEndpoint {
  readonly rest: string;
}

/** Addresses that replace the venue's own, e.g. of a simulator; `stream` is one like `ws://127.0.0.1:9100`. */
export interface Endpoints extends RestEndpoint {
  readonly stream: string;
}

export interface VenueListing {
  urls(endpoint?: RestEndpoint): readonly string[];
  /** Reads one answer. Entries that cannot be read are left out and told with their place. */
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
