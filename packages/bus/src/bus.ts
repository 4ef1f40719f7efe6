/**
 * The one way by which services speak: a small port with three transports, NATS, in-process and over a message port to a
 * worker, held to one suite of behaviours (test/behaviours). Subjects are made by packages/wire; this package knows none.
 */
export interface Bus {
  readonly transport: 'nats' | 'memory' | 'port';
  /** Of the server that it is joined to; left out where there is none. */
  readonly address?: string | undefined;
  /**
   * Fire and forget; bytes are copied before the call returns. Throws `BUS_CLOSED` after drain. What is published to a
   * stream's subject is heard at once but never read or consumed from the stream: only an append is.
   */
  publish(subject: string, bytes: Uint8Array, headers?: Headers): void;
  /** `*` matches one token, `>` the rest. Handlers are called one at a time, those of one subscription in order. */
  subscribe(pattern: string, handler: MessageHandler, options?: SubscribeOptions): Subscription;
  /** @throws ParallaxError `BUS_TIMEOUT` (outcome unknown), `BUS_NO_RESPONDER` (retryable), or `BUS_REFUSED` (outcome unknown where the answer was too large). */
  request(subject: string, bytes: Uint8Array, options: { timeoutMs: number; headers?: Headers }): Promise<BusMessage>;
  readonly streams: DurableStreams;
  /** Opens a bucket that provisioning made. */
  state(bucket: string): StateBucket;
  /** Resolves when all that was published has left this process. */
  flush(): Promise<void>;
  /** Finishes what is under way, sends what is buffered, then closes. */
  drain(): Promise<void>;
  onStatus(listener: (status: BusStatus) => void): () => void;
  /** Tells what a handler or listener of this bus threw, and what the transport had to begin anew; the bus goes on. */
  onFault(listener: (fault: BusFault) => void): () => void;
}

export type Headers = Readonly<Record<string, string>>;

export interface BusMessage {
  readonly subject: string;
  /** Valid until the handler returns. */
  readonly bytes: Uint8Array;
  header(name: string): string | undefined;
  readonly headers: Headers;
  /** Whether it is a request. */
  readonly wantsAnswer: boolean;
  /**
   * Answers a request; does nothing where no answer was asked for. In place of an answer over the bus's limit of size, who asked
   * gets `BUS_REFUSED` with size and limit, and the fault is told to this side's {@link Bus.onFault}.
   */
  respond(bytes: Uint8Array): void;
}
export type MessageHandler = (message: BusMessage) => void;

export interface SubscribeOptions {
  /** Members of the same queue group share the messages. */
  readonly queue?: string;
  /** How many messages may wait for the handler; default 65,536. */
  readonly pendingLimit?: number;
  /**
   * What happens beyond the limit: `newest` keeps the newest message per subject (market data), `drop` the ones that
   * wait. Either way the loss is counted and told, and memory does not grow.
   */
  readonly whenSlow?: 'newest' | 'drop';
  readonly onLoss?: (lost: number) => void;
  /**
   * Subscriptions of one connection that name the same object are handled in the order in which their messages came.
   * Between others there is no order: a flood in one does not hold up the rest.
   */
  readonly lane?: object;
}

export interface Subscription {
  /** Messages handled, and lost or conflated away because the handler was slow. */
  readonly handled: number;
  readonly lost: number;
  /** Ends at once; what waits is let go. */
  unsubscribe(): void;
  /** Ends, but what has come is still handled. */
  drain(): Promise<void>;
}

export type BusStatus =
  /** `address`: of the server that was lost or found again. */
  | { readonly type: 'connected' | 'disconnected'; readonly address?: string | undefined }
  | { readonly type: 'reconnecting' | 'closed' }
  /**
   * What is durable cannot be kept, and why; null: it can again. Who joins the process's own bus meanwhile is told at once. `help`: what helps; left
   * out: room alone, and none of it is kept.
   */
  | { readonly type: 'store'; readonly failure: string | null; readonly help?: string }
  | { readonly type: 'refused'; readonly detail: string }
  | { readonly type: 'slow'; readonly subject: string; readonly lost: number };

export interface BusFault {
  /** `handler`: what it was called for is not done; `transport`: the bus itself failed at something and tries again. */
  readonly from: 'handler' | 'transport';
  /** The subject or key that the handler was called for, or what of the transport. */
  readonly place: string;
  readonly error: unknown;
}

/** Streams keep messages until acknowledged. Services use streams and consumers; only a provisioner makes them. */
export interface DurableStreams {
  /**
   * Stores a message; resolves when it is safe. The same `id` within the stream's window is stored once.
   * `expectedLastSequence` makes it a compare-and-set on the subject; the repeat of the subject's newest message is a
   * duplicate. @throws `STATE_CONFLICT` when that fails.
   */
  append(subject: string, bytes: Uint8Array, options: AppendOptions): Promise<{ sequence: number; duplicate: boolean }>;
  /** Delivers one at a time, in order; what is neither acknowledged nor refused comes again after the consumer's wait. */
  consume(stream: string, consumer: string, handler: DurableHandler): Promise<DurableSubscription>;
  /** Reads what a stream holds, oldest first, without a consumer. */
  read(stream: string, options: ReadOptions): AsyncIterable<StoredMessage>;
}
export interface ReadOptions {
  readonly subject?: string;
  readonly fromSequence?: number;
  /** At most so many of them, the oldest. */
  readonly limit?: number;
  /** Begins where the stream's newest so many messages do, of whatever subject. */
  readonly newest?: number;
}
export interface AppendOptions {
  readonly id: string;
  readonly headers?: Headers;
  readonly expectedLastSequence?: number;
}
export interface StoredMessage {
  readonly subject: string;
  readonly bytes: Uint8Array;
  readonly sequence: number;
  readonly atUs: number;
  header(name: string): string | undefined;
  readonly headers: Headers;
}
export interface DurableMessage extends StoredMessage {
  /** 1 at the first delivery. */
  readonly deliveries: number;
  /** Resolves when the server has noted it. A server that is killed right after may still deliver it once more. */
  acknowledge(): Promise<void>;
  /** Acknowledges without a word back. Where it is lost the message comes again: for handlers that may see it twice. */
  acknowledgeUnconfirmed(): void;
  /** Asks for it again after `delayMs`. */
  retry(delayMs: number): void;
  /** Never again; for what can never be handled. */
  reject(reason: string): void;
}
/** A handler that throws leaves the message unacknowledged. */
export type DurableHandler = (message: DurableMessage) => Promise<void> | void;
export interface DurableSubscription {
  readonly pending: number;
  /** Lets the message under way finish, then stops. */
  stop(): Promise<void>;
}

/** Shared state: read, compare-and-set, watch. Revisions grow with every change of the bucket. */
export interface StateBucket {
  get(key: string): Promise<StateEntry | null>;
  /** `expectedRevision` 0 = must not exist. Without it, the newest writer wins. @throws `STATE_CONFLICT`. */
  put(key: string, bytes: Uint8Array, expectedRevision?: number): Promise<number>;
  delete(key: string, expectedRevision?: number): Promise<void>;
  keys(pattern?: string): Promise<string[]>;
  /** Keys that were there and are deleted: the bucket keeps a marker of each. */
  deleted(pattern?: string): Promise<string[]>;
  /** Current entries first, then every change; null bytes tell a deletion. */
  watch(pattern: string, listener: (entry: StateEntry) => void): Promise<{ stop(): void }>;
}
export interface StateEntry {
  readonly key: string;
  readonly bytes: Uint8Array | null;
  readonly revision: number;
}
