import type { BookDelta, InstrumentMarket, ModelTrade } from '@parallax/market-model';

/** What a frame is about, so that a fault can pick it. */
export type FrameKind = 'depth' | 'quote' | 'trades' | 'other';

/** The way out to one client. Faults stand behind it: a protocol does not know of them, but for wrong checksums and refusals. */
export interface Outbox {
  /** `symbol` is the unified one; null for what concerns the connection. False: the venue never said it, so that it uses up no number. */
  send(text: string, kind: FrameKind, symbol: string | null): boolean;
  close(code: number, reason: string): void;
  /** Whether this message's checksum shall be wrong; each call uses up one. */
  takeWrongChecksum(symbol: string): boolean;
  /** Whether the venue refuses to subscribe a channel of this symbol, by the venue's own name of it; each call uses up one. */
  takeRefusal(venueSymbol: string): boolean;
}

/** One client's connection as a venue sees it. Market events come in the model's order. */
export interface VenueSession {
  onText(text: string, nowUs: number): void;
  onTrades(market: InstrumentMarket, trades: readonly ModelTrade[], atUs: number): void;
  onQuote(market: InstrumentMarket, atUs: number): void;
  onBook(market: InstrumentMarket, delta: BookDelta, atUs: number): void;
  onMark(market: InstrumentMarket, atUs: number): void;
  /** Once a second. */
  onSecond(nowUs: number): void;
}

export interface RestReply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A book copied at one moment, best first. */
export interface BookSnapshot {
  readonly updateId: number;
  readonly atUs: number;
  readonly bids: readonly (readonly [price: number, size: number])[];
  readonly asks: readonly (readonly [price: number, size: number])[];
}

/** The market behind a venue as its protocol may read it. */
export interface VenueMarkets {
  readonly markets: readonly InstrumentMarket[];
  find(venueSymbol: string): InstrumentMarket | undefined;
  /** The book for a REST answer: the true one, or an old one under a fault. */
  snapshot(market: InstrumentMarket, depth: number, nowUs: number): BookSnapshot;
}

/** One venue's protocol: its paths, messages and rules, written from the venue's documents and recordings. */
export interface VenueProtocol {
  readonly venue: string;
  /** How often the server sends a WebSocket ping frame; 0 = never. */
  readonly pingIntervalMs: number;
  /** Null: no such WebSocket path. */
  open(path: string, query: URLSearchParams, outbox: Outbox, nowUs: number): VenueSession | null;
  /** Null: no such REST path. */
  rest(path: string, query: URLSearchParams, nowUs: number): RestReply | null;
}
export type ProtocolFactory = (markets: VenueMarkets) => VenueProtocol;
