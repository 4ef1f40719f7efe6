/** What a provisioner makes before any service starts: data, the same for all transports. */
export interface Topology {
  readonly streams: readonly StreamDefinition[];
  readonly buckets: readonly BucketDefinition[];
  readonly users: readonly UserDefinition[];
  /** Where the identity of a bus lies; left out: it has none. */
  readonly identity?: IdentityPlace;
}

/**
 * The key at which a bus keeps its identity: a random name, made once with its shared state. It lies in the bucket whose
 * revisions it stands for, so that it cannot outlive them.
 */
export interface IdentityPlace {
  readonly bucket: string;
  readonly key: string;
}

export interface StreamDefinition {
  readonly name: string;
  readonly subjects: readonly string[];
  /** How long a message id is remembered for de-duplication. */
  readonly duplicateWindowMs: number;
  readonly maximumAgeMs: number;
  readonly maximumBytes: number;
  readonly consumers: readonly ConsumerDefinition[];
}

export interface ConsumerDefinition {
  readonly name: string;
  readonly filterSubject: string;
  readonly acknowledgeWaitMs: number;
  /** After so many deliveries the message is left alone and counted as poisoned; -1 = never. */
  readonly maximumDeliveries: number;
  /** Handed out and not acknowledged; 1 keeps strict order across redeliveries. */
  readonly maximumPending: number;
}

export interface BucketDefinition {
  readonly name: string;
  readonly history: number;
}

/** Least permissions of one service's user: what it may publish, hear, append, consume and write. */
export interface UserDefinition {
  readonly name: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** Subjects it may append to streams (acknowledged publish). */
  readonly append: readonly string[];
  readonly consumers: readonly { stream: string; consumer: string }[];
  readonly readStreams: readonly string[];
  readonly readBuckets: readonly string[];
  readonly writeBuckets: readonly { bucket: string; keys: string }[];
  /** Names of the users whose requests it answers; their inboxes are all that it may answer to. */
  readonly answers?: readonly string[];
}
