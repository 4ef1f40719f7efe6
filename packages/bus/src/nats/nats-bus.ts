import type { ParallaxError } from '@parallax/types';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamManager } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import type { Msg, NatsConnection, Status, Subscription as NatsSubscription } from '@nats-io/transport-node';
import type {
  Bus, BusFault, BusMessage, BusStatus, DurableStreams, DurableSubscription, Headers, MessageHandler, StateBucket, SubscribeOptions, Subscription,
} from '../bus.js';
import { answerTooLarge, checkMessage, checkPattern, closed, noResponder } from '../faults.js';
import { FaultFeed, type FaultListener } from '../fault-feed.js';
import { LocalSubscription } from '../local-subscription.js';
import { Pump } from '../pump.js';
import { StatusFeed } from '../status-feed.js';
import type { BusPorts } from '../system-ports.js';
import type { Topology } from '../topology.js';
import { isInbox, OVERSIZE_HEADER } from './names.js';
import { HELP, KeptWatch } from './kept-watch.js';
import { faultOf, SERVER } from './nats-faults.js';
import { NatsState } from './nats-state.js';
import { natsStreams } from './nats-streams.js';
import { copyOf, headersOf, plainHeaders, Publisher } from './publisher.js';
import { Requester } from './requester.js';
import type { StateHost } from './state-host.js';

export interface NatsBusSettings {
  readonly ports: BusPorts;
  readonly timeoutMs: number;
  /** Below which the connection's inboxes lie; without it the client's own. */
  readonly inboxPrefix: string | undefined;
  readonly topology: Topology | undefined;
  /** Told of faults while nobody listens. */
  readonly onFault: FaultListener;
  readonly onReconnected: () => void;
}

/** How the messages of one bus are answered. */
interface Answering {
  largestBytes(): number;
  tooLarge(fault: ParallaxError, subject: string): void;
}

class NatsMessage implements BusMessage {
  /** `answering` is null for what is an answer itself. */
  constructor(
    private readonly message: Msg,
    private readonly answering: Answering | null,
  ) {}
  get subject(): string {
    return this.message.subject;
  }
  get bytes(): Uint8Array {
    return this.message.data;
  }
  header(name: string): string | undefined {
    const { headers } = this.message;
    return headers?.has(name) === true ? headers.get(name) : undefined;
  }
  get headers(): Headers {
    return plainHeaders(this.message.headers);
  }
  get wantsAnswer(): boolean {
    return this.message.reply !== undefined && isInbox(this.message.reply);
  }
  respond(bytes: Uint8Array): void {
    // An asker could name a subject as its inbox to which this user may publish and the asker not.
    if (this.answering === null || !this.wantsAnswer) return;
    const limit = this.answering.largestBytes();
    if (bytes.length <= limit) {
      this.message.respond(Uint8Array.from(bytes));
      return;
    }
    this.message.respond(new Uint8Array(), { headers: headersOf({ [OVERSIZE_HEADER]: `${bytes.length} ${limit}` }) });
    this.answering.tooLarge(answerTooLarge(this.subject, bytes.length, limit), this.subject);
  }
}

/** @throws ParallaxError `BUS_REFUSED` where the answer was too large to travel. */
function answerOf(subject: string, answer: Msg): BusMessage {
  const [bytes, limit] = (answer.headers?.get(OVERSIZE_HEADER) ?? '').split(' ');
  if (limit !== undefined) throw answerTooLarge(subject, Number(bytes), Number(limit));
  return new NatsMessage(answer, null);
}

/** One connection of one user to a NATS server. */
export class NatsBus implements Bus {
  readonly transport = 'nats';
  readonly streams: DurableStreams;
  private readonly status = new StatusFeed();
  private readonly faults: FaultFeed;
  private readonly pump: Pump;
  private readonly publisher: Publisher;
  private readonly requester: Requester;
  private readonly subscriptions = new Map<LocalSubscription, NatsSubscription>();
  private readonly consuming = new Set<DurableSubscription>();
  private readonly watches = new Set<{ stop(): void }>();
  private readonly reconnectListeners = new Set<() => void>();
  private readonly host: StateHost;
  private readonly answering: Answering = {
    largestBytes: () => this.publisher.largestBytes,
    tooLarge: (fault, subject) => this.faults.ofHandler(fault, subject),
  };
  private draining: Promise<void> | null = null;
  private isClosed = false;

  private constructor(
    private readonly connection: NatsConnection,
    manager: JetStreamManager,
    private readonly settings: NatsBusSettings,
  ) {
    const tell = (status: BusStatus): void => this.status.tell(status);
    this.faults = new FaultFeed(settings.onFault);
    this.pump = new Pump(settings.ports);
    this.publisher = new Publisher(connection, () => settings.ports.clock.nowUs(), tell);
    this.requester = new Requester(connection, settings.inboxPrefix, settings.ports);
    this.host = {
      connection,
      manager,
      requester: this.requester,
      kept: new KeptWatch(() => this.publisher.connected, (failure) => tell({ type: 'store', failure, help: HELP })),
      client: jetstream(connection, { timeout: settings.timeoutMs }),
      timeoutMs: settings.timeoutMs,
      topology: settings.topology,
      ports: settings.ports,
      checkOpen: () => this.checkOpen(),
      checkSize: (subject, bytes) => this.publisher.checkSize(subject, bytes),
      tell,
      onError: this.faults.ofTransport,
      onHandlerError: this.faults.ofHandler,
      started: (subscription) => this.consuming.add(subscription),
      stopped: (subscription) => this.consuming.delete(subscription),
      onReconnect: (listener) => {
        this.reconnectListeners.add(listener);
        return () => this.reconnectListeners.delete(listener);
      },
      watching: (watch) => this.watches.add(watch),
    };
    this.streams = natsStreams(this.host);
  }

  static async over(connection: NatsConnection, settings: NatsBusSettings): Promise<NatsBus> {
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: settings.timeoutMs });
    const bus = new NatsBus(connection, manager, settings);
    void bus.follow(connection.status());
    return bus;
  }

  publish(subject: string, bytes: Uint8Array, headers?: Headers): void {
    this.checkOpen();
    this.publisher.publish(subject, bytes, headers);
  }

  subscribe(pattern: string, handler: MessageHandler, options: SubscribeOptions = {}): Subscription {
    this.checkOpen();
    checkPattern(pattern);
    const host = {
      pump: this.pump,
      nowUs: () => this.settings.ports.clock.nowUs(),
      tell: (status: BusStatus) => this.status.tell(status),
      onHandlerError: this.faults.ofHandler,
      finish: async (leaving: LocalSubscription) => {
        if (this.publisher.connected) await this.subscriptions.get(leaving)?.drain().catch(() => {});
      },
    };
    const subscription = new LocalSubscription(pattern, handler, options, host, (leaving) => {
      const remote = this.subscriptions.get(leaving);
      this.subscriptions.delete(leaving);
      if (remote?.isClosed() === false) remote.unsubscribe();
    });
    const remote = this.connection.subscribe(pattern, {
      queue: options.queue,
      callback: (error, message) => {
        // A refusal is told through the connection's status.
        if (error === null) subscription.offer(new NatsMessage(message, this.answering));
      },
    });
    this.subscriptions.set(subscription, remote);
    return subscription;
  }

  async request(
    subject: string,
    bytes: Uint8Array,
    options: { timeoutMs: number; headers?: Headers },
  ): Promise<BusMessage> {
    this.checkSendable(subject, bytes, options.headers);
    try {
      const headers = options.headers === undefined ? undefined : headersOf(options.headers);
      return answerOf(subject, await this.requester.ask(subject, copyOf(bytes), options.timeoutMs, headers));
    } catch (error) {
      const who = this.publisher.connected ? null : `${SERVER}, which is away,`;
      const fault = faultOf(error, `request to "${subject}"`, subject, options.timeoutMs, who);
      throw fault.code === 'BUS_NO_RESPONDER' ? noResponder(subject) : fault;
    }
  }

  state(bucket: string): StateBucket {
    this.checkOpen();
    return new NatsState(this.host, bucket);
  }

  async flush(): Promise<void> {
    this.checkOpen();
    try {
      await this.publisher.flush();
    } catch (error) {
      throw faultOf(error, 'flush', 'connection', this.settings.timeoutMs);
    }
  }

  drain(): Promise<void> {
    this.draining ??= this.drainNow();
    return this.draining;
  }

  get address(): string {
    return this.connection.getServer();
  }

  onStatus(listener: (status: BusStatus) => void): () => void {
    return this.status.on(listener);
  }

  onFault(listener: (fault: BusFault) => void): () => void {
    return this.faults.on(listener);
  }

  private async drainNow(): Promise<void> {
    for (const watch of this.watches) watch.stop();
    await Promise.all([...this.consuming].map((consuming) => consuming.stop()));
    if (this.publisher.connected) {
      // The server stops sending; what it had sent still comes to the callbacks and is handled.
      await Promise.all([...this.subscriptions.values()].map((remote) => remote.drain())).catch(() => {});
      await this.pump.whenIdle();
      await this.connection.flush().catch(() => {});
    }
    this.isClosed = true;
    await this.connection.close();
  }

  private async follow(statuses: AsyncIterable<Status>): Promise<void> {
    for await (const status of statuses) {
      if (status.type === 'error') this.tellError(status.error);
      else if (status.type === 'disconnect') this.turned('disconnected', status.server);
      else if (status.type === 'reconnecting') this.status.tell({ type: 'reconnecting' });
      else if (status.type === 'reconnect') this.turned('connected', status.server);
    }
    this.isClosed = true;
    this.requester.close();
    this.status.tell({ type: 'closed' });
  }

  private turned(type: 'connected' | 'disconnected', address: string): void {
    this.publisher.connected = type === 'connected';
    this.status.tell({ type, address });
    if (type === 'disconnected') return;
    this.settings.onReconnected();
    for (const listener of this.reconnectListeners) listener();
  }

  private tellError(error: Error): void {
    if (error instanceof errors.PermissionViolationError) {
      this.requester.refused(error);
      const action = error.operation === 'publish' ? 'publish' : 'subscribe';
      this.status.tell({ type: 'refused', detail: `${action} to "${error.subject}"` });
      return;
    }
    this.faults.ofTransport(error, 'the connection');
  }

  private checkOpen(): void {
    if (this.isClosed) throw closed();
  }

  private checkSendable(subject: string, bytes: Uint8Array, headers: Headers | undefined): void {
    this.checkOpen();
    checkMessage(subject, headers);
    this.publisher.checkSize(subject, bytes);
  }
}
