/** The doors to the outside world. Only their adapters may touch the real thing; the linter says so. */

export interface Clock {
  /** Microseconds since the epoch, an integer; never runs backwards. */
  nowUs(): number;
  /**
   * Why this clock cannot be relied on at this moment, a sentence for people; null: it can. Whoever acts takes no new
   * exposure meanwhile. Clocks that are driven, as in a replay, leave it out: they cannot be wrong.
   */
  doubt?(): string | null;
}

/** Whether a clock cannot be relied on at this moment. */
export const isInDoubt = (clock: Clock): boolean => (clock.doubt?.() ?? null) !== null;

export interface Timers {
  /** Calls back once after `delayMs`; the returned function takes the call back. */
  after(delayMs: number, callback: () => void): () => void;
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A fresh identifier of `bytes` random bytes in hexadecimal. */
  id(bytes: number): string;
}

export interface SocketHandlers {
  onOpen(): void;
  /** `bytes` is valid until the handler returns. */
  onFrame(bytes: Uint8Array, receivedAtUs: number): void;
  /** Called once, whoever closed. */
  onClose(code: number, reason: string): void;
}
export interface Socket {
  send(text: string): void;
  close(): void;
}
export interface SocketFactory {
  open(url: string, handlers: SocketHandlers): Socket;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
export interface HttpClient {
  /** @throws ParallaxError `VENUE_UNREACHABLE` when no answer came in `timeoutMs`. */
  get(url: string, options: { readonly timeoutMs: number; readonly headers?: Readonly<Record<string, string>> }): Promise<HttpReply>;
}
