import type { InstrumentSpecification } from '@parallax/types';
import type { Channel, FeedName } from './channel.js';
import type { FrameListener, HeardSink } from './frame-listener.js';

export type { Channel, FeedName } from './channel.js';

/** One socket to open: the addresses in order of preference, and every feed of every instrument that it carries. */
export interface ConnectionPlan {
  readonly urls: readonly string[];
  readonly instruments: readonly InstrumentSpecification[];
  readonly feeds: readonly FeedName[];
}

/** A message that asks for channels, or leaves them. Where the venue answers by number, its answer carries `id`. */
export interface StreamRequest {
  readonly text: string;
  readonly id: number;
  readonly channels: readonly Channel[];
}

/** What a venue owes on a channel of a market that is open, by its documents: silence beyond it is no calm. */
export interface Owed {
  /** The state of things comes at once on asking, even where nothing happens. */
  readonly onAsking: boolean;
  /** Afterwards something comes at least so often, in milliseconds, even where nothing happens; null: only when something does. */
  readonly everyMs: number | null;
}

export interface VenueStream {
  /** Splits instruments and feeds over as many connections as the venue's limits ask for. */
  plan(instruments: readonly InstrumentSpecification[], feeds: readonly FeedName[], endpoints?: Endpoints): ConnectionPlan[];
  /** Sent first on every connection, whatever it carries. */
  readonly opening: readonly string[];
  /** Messages that ask for the channels, their numbers counted from `firstId`. */
  subscribe(channels: readonly Channel[], firstId: number): StreamRequest[];
  /** Messages that leave the channels, their numbers counted from `firstId`. */
  unsubscribe(channels: readonly Channel[], firstId: number): StreamRequest[];
  /** Whether a book that was lost comes anew when its channel is left and asked for again on the same connection. */
  readonly renewsBooks: boolean;
  readonly owes: Readonly<Record<FeedName, Owed>>;
  /**
   * Where nothing else flows the venue sends a frame of its own accord, well within `silenceMs`. A connection without data
   * and without this is dead then, whatever it answers. False: only data shows that the venue goes on.
   */
  readonly beats: boolean;
  /** Makes what tells the frames of one connection apart. */
  listen(sink: HeardSink): FrameListener;
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
