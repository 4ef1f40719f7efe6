import type { AlertSeverity } from './alert.js';
import type { ServiceName } from './service-name.js';
import type { LatencySummary, StageName } from './stages.js';
import type { VenueFeed } from './venue-feed.js';

/** A trouble that a service sees and that stands while it says so: monitoring makes an alert of it, and ends that with it. */
export interface Trouble {
  /** The same as long as it is the same trouble: letters, digits, `-`, `_` and dots, e.g. `epoch-refused.okx`. */
  readonly key: string;
  readonly severity: AlertSeverity;
  /** A sentence for people, with what to do where there is something. */
  readonly summary: string;
  /** While it stands its service lets nothing new be traded; `part`: nothing new of what the summary names. */
  readonly stopsTrading?: true | 'part' | undefined;
}

/** Where market data comes from: simulated venues, or the venues' own endpoints. */
export type MarketSource = 'simulated' | 'live';

/** What becomes of orders: Parallax itself matches `paper` ones, and no venue hears of them. */
export type OrdersKind = 'paper' | 'live';

/** What a service says of itself every second. */
export interface ServiceHealth {
  readonly service: ServiceName;
  readonly instance: string;
  /** It does its work: nothing is missing, and it does not stand by. */
  readonly ready: boolean;
  /** What this instance lacks to do its work, in sentences for people; that another one holds the lease is no lack of a stand-by. */
  readonly missing: readonly string[];
  /**
   * What is not as it should be outside of this instance, which does its work all the same: books that are not trusted, venues
   * that are away, what others have not sent yet. Sentences for people; left out: nothing.
   */
  readonly degraded?: readonly string[] | undefined;
  readonly startedAtUs: number;
  readonly atUs: number;
  /** Each is declared with its meaning in `SERVICE_COUNTERS`; those that count errors, there alone. */
  readonly counters: Readonly<Record<string, number>>;
  /** Of the stages that it measured in the last minute; a stage of which it measured nothing is left out. */
  readonly latencies: Readonly<Partial<Record<StageName, LatencySummary>>>;
  /** What stands wrong at this moment beyond `missing`; left out: nothing. */
  readonly troubles?: readonly Trouble[] | undefined;
  /** The last word of an instance that was told to end: nobody need miss it. */
  readonly ended?: true | undefined;
  /** It does not act, since one instance alone may: it waits to take over, or is about to. */
  readonly standsBy?: true | undefined;
  /** Since when it acts, where one instance alone may and this is the one; left out by all others. */
  readonly actsSinceUs?: number | undefined;
  /** Said by ingestion; left out by others, and where it takes from both. */
  readonly market?: MarketSource | undefined;
  /** Said by execution; left out by others, and where it has doors of both. */
  readonly orders?: OrdersKind | undefined;
}

/** A service says its health once a second; after so long without a word it counts as silent, in microseconds. */
export const SERVICE_SILENT_US = 5_000_000;

/**
 * Key of the trouble of a process that stood still and handled late what came meanwhile. It stands until no latency of the last minute
 * holds anything of that time, in microseconds.
 */
export const STOOD_STILL = 'stood-still';
export const STOOD_STILL_TOLD_US = 70_000_000;

/** Why the instance does not do its work, in sentences; none where it does. */
export function whyNotReady({ ready, missing, standsBy }: ServiceHealth): readonly string[] {
  if (missing.length > 0) return missing;
  if (standsBy) return ['it stands by, and waits for the lease'];
  return ready ? [] : ['it does not say why'];
}

/** One venue as normalisation sees it, and where both are shown as ingestion does. */
export interface VenueHealth {
  readonly venue: string;
  readonly connected: boolean;
  readonly connections: number;
  // What is not known is null and not 0: all of these where ingestion alone has spoken.
  readonly lastFrameAtUs: number | null;
  /** Null in the first second. */
  readonly framesPerSecond: number | null;
  readonly reconnects: number | null;
  readonly deadLetters: number | null;
  readonly clockOffsetUs: number | null;
  readonly symbols: readonly SymbolHealth[];
  /** What ingestion wants of the venue; left out where it has not spoken. */
  readonly feed?: VenueFeed | undefined;
  readonly atUs: number;
}

/** The health of a venue with what ingestion says of it; of one that normalisation has not heard of yet, that alone. */
export function withFeed(health: VenueHealth | undefined, feed: VenueFeed): VenueHealth {
  if (health) return { ...health, feed };
  const { venue, open, atUs } = feed;
  return {
    venue, connected: open > 0, connections: open, lastFrameAtUs: null, framesPerSecond: null, reconnects: null, deadLetters: null, clockOffsetUs: null,
    symbols: [], feed, atUs,
  };
}

export interface SymbolHealth {
  readonly symbol: string;
  readonly trust: string;
  readonly cause: string;
  /** Null before the first quote. */
  readonly changedAtUs: number | null;
  /** Null before the venue proved that the channel lives. */
  readonly provenAtUs: number | null;
  readonly gaps: number;
  readonly resyncs: number;
  readonly checksumsChecked: number;
  readonly checksumsFailed: number;
  readonly crossed: number;
}

/** A frame that could not be used, or of whose book a level could not, kept with its place and reason. */
export interface DeadLetter {
  readonly venue: string;
  /** Unified symbol that the frame was of; null where that could not be told. A snapshot's is that it was asked for. */
  readonly symbol: string | null;
  /** A frame of a stream, or the body of a REST snapshot. */
  readonly kind: 'stream' | 'snapshot';
  readonly connection: number;
  readonly frame: number;
  readonly receivedAtUs: number;
  readonly reason: string;
  /** Where in the frame: a field's path or a byte offset. */
  readonly place: string;
  /** The frame's text, or its first 64 KiB; of the first snapshot that is refused for a reason, 512 KiB. */
  readonly text: string;
  readonly truncated: boolean;
}
