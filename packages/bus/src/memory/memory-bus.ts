import type {
  Bus, BusFault, BusMessage, BusStatus, DurableStreams, DurableSubscription, Headers, MessageHandler, StateBucket, SubscribeOptions, Subscription,
} from '../bus.js';
import { checkMessage, checkPattern, closed, missing, noResponder, refused, timedOut } from '../faults.js';
import { FaultFeed } from '../fault-feed.js';
import type { LocalSubscription } from '../local-subscription.js';
import { Rights, userOf } from '../rights.js';
import { StatusFeed } from '../status-feed.js';
import { copyOf } from './hub.js';
import type { MemoryHub } from './hub.js';
import { memoryStreams } from './memory-streams.js';
import { guardedBucket } from './guarded-bucket.js';

/** The bus within one process: as one of its users, or, at the root, with every permission. */
export class MemoryBus implements Bus {
  readonly transport = 'memory';
  readonly streams: DurableStreams;
  private readonly status = new StatusFeed();
  private readonly faults: FaultFeed;
  private readonly subscriptions = new Set<LocalSubscription>();
  private readonly consuming = new Set<DurableSubscription>();
  private readonly watches = new Set<{ stop(): void }>();
  private readonly members = new Set<MemoryBus>();
  private readonly requests = new Set<(error: Error) => void>();
  private draining: Promise<void> | null = null;
  private closed = false;

  constructor(
    private readonly hub: MemoryHub,
    private readonly rights: Rights,
    private readonly isRoot: boolean,
  ) {
    this.faults = new FaultFeed(hub.onFault);
    hub.onStore((failure) => this.status.tell({ type: 'store', failure }));
    this.streams = memoryStreams(hub, rights, {
      checkOpen: () => this.checkOpen(),
      started: (subscription) => this.consuming.add(subscription),
      stopped: (subscription) => this.consuming.delete(subscription),
      onHandlerError: this.faults.ofHandler,
    });
  }

  /** The same bus with the rights of one user of the topology; its drain leaves the others running. */
  as(userName: string): Bus {
    const member = new MemoryBus(this.hub, new Rights(userOf(this.hub.topology, userName)), false);
    this.members.add(member);
    return member;
  }

  publish(subject: string, bytes: Uint8Array, headers?: Headers): void {
    this.checkSendable(subject, bytes, headers);
    if (!this.rights.mayPublish(subject)) {
      this.status.tell({ type: 'refused', detail: `publish to "${subject}"` });
      return;
    }
    this.hub.deliver(subject, copyOf(bytes), headers);
  }

  subscribe(pattern: string, handler: MessageHandler, options: SubscribeOptions = {}): Subscription {
    this.checkOpen();
    checkPattern(pattern);
    const tell = (status: BusStatus): void => this.status.tell(status);
    const leave = (subscription: LocalSubscription): void => void this.subscriptions.delete(subscription);
    const subscription = this.hub.subscribe(pattern, handler, options, tell, this.faults.ofHandler, leave);
    this.subscriptions.add(subscription);
    if (!this.rights.maySubscribe(pattern)) {
      subscription.unsubscribe();
      // As with a server, the answer comes after the call.
      this.hub.ports.defer(() => this.status.tell({ type: 'refused', detail: `subscribe to "${pattern}"` }));
    }
    return subscription;
  }

  async request(
    subject: string,
    bytes: Uint8Array,
    options: { timeoutMs: number; headers?: Headers },
  ): Promise<BusMessage> {
    this.checkSendable(subject, bytes, options.headers);
    if (!this.rights.mayPublish(subject)) throw refused(`request to "${subject}"`);
    return new Promise<BusMessage>((resolve, reject) => {
      const finish = (): void => {
        cancel();
        this.requests.delete(fail);
      };
      const fail = (error: Error): void => {
        finish();
        reject(error);
      };
      const cancel = this.hub.ports.timers.after(options.timeoutMs, () => {
        fail(timedOut(`request to "${subject}"`, options.timeoutMs));
      });
      this.requests.add(fail);
      const listeners = this.hub.deliver(subject, copyOf(bytes), options.headers, {
        answer: (answer) => {
          finish();
          resolve({ subject, bytes: answer, header: () => undefined, headers: {}, wantsAnswer: false, respond: () => {} });
        },
        refuse: fail,
      });
      if (listeners === 0) fail(noResponder(subject));
    });
  }

  state(bucket: string): StateBucket {
    this.checkOpen();
    const store = this.hub.buckets.get(bucket);
    if (store === undefined) throw missing(`bucket ${bucket}`);
    return guardedBucket(store, this.rights, {
      checkOpen: () => this.checkOpen(),
      watching: (watch) => this.watches.add(watch),
      onHandlerError: this.faults.ofHandler,
    });
  }

  async flush(): Promise<void> {
    this.checkOpen();
  }

  drain(): Promise<void> {
    this.draining ??= this.drainNow();
    return this.draining;
  }

  onStatus(listener: (status: BusStatus) => void): () => void {
    const { storeFailure } = this.hub;
    if (storeFailure !== null) listener({ type: 'store', failure: storeFailure });
    return this.status.on(listener);
  }

  onFault(listener: (fault: BusFault) => void): () => void {
    return this.faults.on(listener);
  }

  private async drainNow(): Promise<void> {
    await Promise.all([...this.members].map((member) => member.drain()));
    await Promise.all([...this.consuming].map((consuming) => consuming.stop()));
    for (const subscription of this.subscriptions) subscription.stopReceiving();
    await this.hub.pump.whenIdle();
    this.closed = true;
    for (const watch of this.watches) watch.stop();
    for (const fail of this.requests) fail(closed());
    if (this.isRoot) await this.hub.close();
    this.status.tell({ type: 'closed' });
  }

  private checkOpen(): void {
    if (this.closed) throw closed();
  }

  private checkSendable(subject: string, bytes: Uint8Array, headers: Headers | undefined): void {
    this.checkOpen();
    checkMessage(subject, headers);
    this.hub.checkSize(subject, bytes);
  }
}
