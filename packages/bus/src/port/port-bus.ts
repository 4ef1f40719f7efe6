import type { MessagePort } from 'node:worker_threads';
import type { Bus, BusFault, BusMessage, BusStatus, DurableStreams, Headers, MessageHandler, StateBucket, SubscribeOptions, Subscription } from '../bus.js';
import { checkMessage, checkPattern, closed, tooLarge } from '../faults.js';
import { FaultFeed, reportFault, type FaultListener } from '../fault-feed.js';
import { MEMORY_PAYLOAD_LIMIT } from '../memory/hub.js';
import { Pump } from '../pump.js';
import { StatusFeed } from '../status-feed.js';
import { systemPorts, type BusPorts } from '../system-ports.js';
import { PortLink } from './port-link.js';
import { PortState } from './port-state.js';
import { PortStreams } from './port-streams.js';
import { PortSubscriptions } from './port-subscriptions.js';
import { ownBytes, type Answer } from './protocol.js';

export interface PortOptions {
  /** How long an append, a state write or a read may take; default 30,000: only a process that stands still needs so long. */
  readonly timeoutMs?: number;
  readonly ports?: Partial<BusPorts>;
  /** Told of faults while nobody listens ({@link Bus.onFault}); default: a line on stderr. */
  readonly onFault?: FaultListener;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** The bus that is served at the other end of the port (serveBusOver), with the rights that it has there. */
export function connectPort(port: MessagePort, options: PortOptions = {}): Bus {
  return new PortBus(port, options);
}

class PortBus implements Bus {
  readonly transport = 'port';
  readonly streams: DurableStreams;
  private readonly ports: BusPorts;
  private readonly status = new StatusFeed();
  private readonly faults: FaultFeed;
  private readonly pump: Pump;
  private readonly link: PortLink;
  private readonly subscriptions: PortSubscriptions;
  private readonly durable: PortStreams;
  private readonly shared: PortState;
  private draining: Promise<void> | null = null;

  constructor(port: MessagePort, options: PortOptions) {
    this.ports = { ...systemPorts(), ...options.ports };
    const tell = (status: BusStatus): void => this.status.tell(status);
    this.faults = new FaultFeed(options.onFault ?? reportFault);
    this.pump = new Pump(this.ports);
    this.link = new PortLink(port, this.ports, options.timeoutMs ?? DEFAULT_TIMEOUT_MS, tell);
    const onHandlerError = this.faults.ofHandler;
    this.subscriptions = new PortSubscriptions(this.link, { pump: this.pump, nowUs: () => this.ports.clock.nowUs(), tell, onHandlerError });
    const owner = { checkOpen: () => this.checkOpen(), checkSize, onHandlerError };
    this.durable = new PortStreams(this.link, owner);
    this.streams = this.durable;
    this.shared = new PortState(this.link, this.subscriptions, owner);
    port.on('message', (answer: Answer) => this.take(answer));
    port.on('close', () => this.end());
  }

  publish(subject: string, bytes: Uint8Array, headers?: Headers): void {
    this.checkSendable(subject, bytes, headers);
    this.link.publish({ op: 'publish', subject, bytes: ownBytes(bytes), headers });
  }

  subscribe(pattern: string, handler: MessageHandler, options: SubscribeOptions = {}): Subscription {
    this.checkOpen();
    checkPattern(pattern);
    return this.subscriptions.subscribe(pattern, handler, options);
  }

  async request(subject: string, bytes: Uint8Array, { timeoutMs, headers }: { timeoutMs: number; headers?: Headers }): Promise<BusMessage> {
    this.checkSendable(subject, bytes, headers);
    const operation = { op: 'request', subject, bytes: ownBytes(bytes), headers, timeoutMs } as const;
    const answer = (await this.link.call(operation, `request to "${subject}"`, timeoutMs)) as Pick<BusMessage, 'subject' | 'bytes' | 'headers'>;
    return { ...answer, header: (name) => answer.headers[name], wantsAnswer: false, respond: () => {} };
  }

  state(bucket: string): StateBucket {
    this.checkOpen();
    return this.shared.bucket(bucket);
  }

  async flush(): Promise<void> {
    this.checkOpen();
    await this.link.call({ op: 'flush' }, 'flush');
  }

  drain(): Promise<void> {
    this.draining ??= this.drainNow();
    return this.draining;
  }

  onStatus(listener: (status: BusStatus) => void): () => void {
    return this.status.on(listener);
  }

  onFault(listener: (fault: BusFault) => void): () => void {
    return this.faults.on(listener);
  }

  private async drainNow(): Promise<void> {
    await this.durable.stop();
    await this.subscriptions.drain();
    await this.pump.whenIdle();
    // What handlers published and answered is taken in by the other side.
    await this.link.call({ op: 'flush' }, 'flush').catch(() => {});
    this.end();
  }

  private end(): void {
    if (this.link.isClosed) return;
    this.link.close();
    this.subscriptions.stopReceiving();
    this.status.tell({ type: 'closed' });
  }

  private take(answer: Answer): void {
    if (this.link.take(answer)) return;
    if (answer.op === 'messages') this.subscriptions.take(answer);
    else if (answer.op === 'entry') this.shared.take(answer);
    else if (answer.op === 'deliver') this.durable.take(answer);
    else if (answer.op === 'failed') this.faults.ofTransport(new Error(answer.error), answer.place);
    // That the bus there has closed shows by the port's end.
    else if (answer.op === 'status' && answer.status.type !== 'closed') this.status.tell(answer.status);
  }

  private checkOpen(): void {
    if (this.link.isClosed) throw closed();
  }

  private checkSendable(subject: string, bytes: Uint8Array, headers: Headers | undefined): void {
    this.checkOpen();
    checkMessage(subject, headers);
    checkSize(subject, bytes);
  }
}

function checkSize(subject: string, bytes: Uint8Array): void {
  if (bytes.length > MEMORY_PAYLOAD_LIMIT) throw tooLarge(subject, bytes.length, MEMORY_PAYLOAD_LIMIT);
}
