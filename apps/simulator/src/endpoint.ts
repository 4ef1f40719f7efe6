import type { RestReply } from './venues/protocol.js';

/** One client's socket as an endpoint sees it. */
export interface Client {
  /** Text goes out as a text frame, bytes as a binary one. */
  send(data: string | Buffer): void;
  /** Closes politely with a code. */
  close(code: number, reason: string): void;
  /** Cuts the line without a word. */
  cut(): void;
}

export interface Connection {
  onText(text: string): void;
  /** Called once, whoever closed. */
  onClose(): void;
}

/** One venue as the transport serves it: behind it stands the market model or a tape. */
export interface VenueEndpoint {
  readonly venue: string;
  /** How often the server sends a WebSocket ping frame; 0 = never. */
  readonly pingIntervalMs: number;
  /** Null: no such WebSocket path. */
  open(path: string, query: URLSearchParams, client: Client): Connection | null;
  /** Null: no such REST path. May wait, as a tape does for its moment. */
  rest(path: string, query: URLSearchParams): Promise<RestReply | null>;
}
