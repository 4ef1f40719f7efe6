/** What the parent sends to a process of a bench, and what comes back. */
export interface Question {
  readonly id: number;
  readonly ask: string;
  readonly value: unknown;
}
export type Answer = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };

/** What a process needs to join the bench; its argument is this as JSON. */
export interface Joining {
  /** `host:port` of the nats-server. */
  readonly server: string;
  /** Time that all processes share: `originUs` was the time when the machine's monotonic clock stood at 0. */
  readonly originUs: number;
  /** What this process is to be; read by its script. */
  readonly role: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Memory of a process after a collection, in bytes. */
export interface Memory {
  readonly heapBytes: number;
  readonly residentBytes: number;
}
