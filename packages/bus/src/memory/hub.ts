import type { BusMessage, BusStatus, Headers, MessageHandler, SubscribeOptions, Subscription } from '../bus.js';
import type { ParallaxError } from '@parallax/types';
import { answerTooLarge, missing, noStream, tooLarge } from '../faults.js';
import { ensureIdentity } from '../identity.js';
import type { FaultListener } from '../fault-feed.js';
import { LocalSubscription } from '../local-subscription.js';
import type { SubscriptionHost } from '../local-subscription.js';
import { Pump } from '../pump.js';
import { matches } from '../subject-match.js';
import { SubjectTrie } from '../subject-trie.js';
import type { BusPorts } from '../system-ports.js';
import type { Topology } from '../topology.js';
import { DurableConsumer, type HandlerErrorListener } from './durable-consumer.js';
import type { Storage, StoredRecord } from './records.js';
import { StateStore } from './state-store.js';
import { StreamStore } from './stream-store.js';

export const MEMORY_PAYLOAD_LIMIT = 1_048_576;

const NO_HEADERS: Headers = {};

/** Who waits for the answer to a request. */
export interface Asker {
  answer(bytes: Uint8Array): void;
  refuse(fault: ParallaxError): void;
}

class MemoryMessage implements BusMessage {
  constructor(
    readonly subject: string,
    readonly bytes: Uint8Array,
    readonly headers: Headers,
    private readonly asker?: Asker,
    private readonly listener?: LocalSubscription,
  ) {}
  /** The message as one listener has it: of a request each answers for itself. */
  to(listener: LocalSubscription, asker: Asker | undefined): MemoryMessage {
    return asker === undefined ? this : new MemoryMessage(this.subject, this.bytes, this.headers, asker, listener);
  }
  header(name: string): string | undefined {
    return this.headers[name];
  }
  get wantsAnswer(): boolean {
    return this.asker !== undefined;
  }
  respond(bytes: Uint8Array): void {
    if (this.asker === undefined) return;
    if (bytes.length <= MEMORY_PAYLOAD_LIMIT) {
      this.asker.answer(copyOf(bytes));
      return;
    }
    const fault = answerTooLarge(this.subject, bytes.length, MEMORY_PAYLOAD_LIMIT);
    this.asker.refuse(fault);
    this.listener?.failed(fault, this.subject);
  }
}

/** A small copy comes from Node's pool: allocating on its own costs five times as much. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.allocUnsafe(bytes.length);
  copy.set(bytes);
  return copy;
}

/** What all buses of one process share: who listens to what, the streams, the state. */
export class MemoryHub {
  readonly pump: Pump;
  readonly streams = new Map<string, StreamStore>();
  readonly consumers = new Map<string, DurableConsumer>();
  readonly buckets = new Map<string, StateStore>();
  /** Why nothing durable can be kept now. */
  storeFailure: string | null = null;
  private readonly storeListeners = new Set<(failure: string | null) => void>();
  private turn = 0;
  private readonly listeners = new SubjectTrie<LocalSubscription>();
  private readonly streamBySubject = new Map<string, StreamStore | null>();

  private constructor(
    readonly topology: Topology,
    readonly ports: BusPorts,
    private readonly storage: Storage,
    readonly onFault: FaultListener,
  ) {
    this.pump = new Pump(ports);
  }

  static async open(
    topology: Topology,
    ports: BusPorts,
    storage: Storage,
    onFault: FaultListener,
  ): Promise<MemoryHub> {
    const hub = new MemoryHub(topology, ports, storage, onFault);
    storage.attach({ reload: () => hub.reload(), onFailure: (failure) => hub.tellStore(failure) });
    const onError = (error: unknown, place: string): void => onFault({ from: 'transport', place, error });
    const tellKept = ({ subject, bytes, headers }: StoredRecord): void => void hub.deliver(subject, bytes, headers);
    for (const definition of topology.streams) {
      const stream = await StreamStore.open(definition, storage.records(definition.name), ports.clock, tellKept);
      hub.streams.set(definition.name, stream);
      for (const consumer of definition.consumers) {
        const values = storage.values(`consumer!${definition.name}!${consumer.name}`);
        const opened = await DurableConsumer.open(stream, consumer, values, ports, onError);
        hub.consumers.set(`${definition.name} ${consumer.name}`, opened);
      }
    }
    for (const { name } of topology.buckets) {
      hub.buckets.set(name, await StateStore.open(name, storage.values(`state!${name}`), hub.pump));
    }
    if (topology.identity !== undefined) {
      const { bucket, key } = topology.identity;
      await ensureIdentity(hub.buckets.get(bucket)!, key, ports.random);
    }
    return hub;
  }

  /** Tells why nothing durable can be kept, at once where that is so already, and null once it can again. */
  onStore(listener: (failure: string | null) => void): void {
    this.storeListeners.add(listener);
    if (this.storeFailure !== null) listener(this.storeFailure);
  }

  private async reload(): Promise<void> {
    for (const stream of this.streams.values()) await stream.reload();
    for (const bucket of this.buckets.values()) await bucket.reload();
  }

  private tellStore(failure: string | null): void {
    this.storeFailure = failure;
    for (const listener of this.storeListeners) listener(failure);
    if (failure === null) for (const consumer of this.consumers.values()) void consumer.keepAgain();
  }

  subscribe(
    pattern: string,
    handler: MessageHandler,
    options: SubscribeOptions,
    tell: (status: BusStatus) => void,
    onHandlerError: HandlerErrorListener,
    left: (subscription: LocalSubscription) => void,
  ): LocalSubscription & Subscription {
    const host: SubscriptionHost = {
      pump: this.pump,
      nowUs: () => this.ports.clock.nowUs(),
      tell,
      onHandlerError,
      finish: async () => {},
    };
    const subscription = new LocalSubscription(pattern, handler, options, host, (leaving) => {
      this.listeners.remove(leaving);
      left(leaving);
    });
    this.listeners.add(subscription);
    return subscription;
  }

  /** Hands a message to everyone who listens; how many did. */
  deliver(subject: string, bytes: Uint8Array, headers: Headers = NO_HEADERS, asker?: Asker): number {
    const { each, groups } = this.listeners.match(subject);
    if (each.length + groups.length === 0) return 0;
    const message = new MemoryMessage(subject, bytes, headers);
    for (const subscription of each) subscription.offer(message.to(subscription, asker));
    // One counter for all groups, not one per subject: ten thousand subjects of one message each are shared as well.
    for (const members of groups) {
      const member = members[this.turn++ % members.length];
      member.offer(message.to(member, asker));
    }
    return each.length + groups.length;
  }

  /** The stream that holds a subject, or null. */
  streamFor(subject: string): StreamStore | null {
    let stream = this.streamBySubject.get(subject);
    if (stream === undefined) {
      stream = null;
      for (const candidate of this.streams.values()) {
        if (candidate.definition.subjects.some((pattern) => matches(pattern, subject))) stream = candidate;
      }
      if (this.streamBySubject.size >= 65_536) this.streamBySubject.clear();
      this.streamBySubject.set(subject, stream);
    }
    return stream;
  }

  stream(name: string): StreamStore {
    const stream = this.streams.get(name);
    if (stream === undefined) throw missing(`stream ${name}`);
    return stream;
  }

  streamToAppend(subject: string): StreamStore {
    const stream = this.streamFor(subject);
    if (stream === null) throw noStream(subject);
    return stream;
  }

  checkSize(subject: string, bytes: Uint8Array): void {
    if (bytes.length > MEMORY_PAYLOAD_LIMIT) throw tooLarge(subject, bytes.length, MEMORY_PAYLOAD_LIMIT);
  }

  async close(): Promise<void> {
    for (const consumer of this.consumers.values()) consumer.close();
    await this.storage.close();
  }
}
