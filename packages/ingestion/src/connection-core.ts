import type { Random } from '@parallax/types';
import type { ConnectionPlan, VenueDefinition } from '@parallax/venues';
import { BackOff, type BackOffLimits } from './back-off.js';
import { RateLimit, type AddressLimits } from './rate-limit.js';

/** What a connection does to the world. */
export interface ConnectionDoor {
  open(url: string): void;
  send(text: string): void;
  close(): void;
}

export type ConnectionState = 'idle' | 'connecting' | 'open' | 'waiting' | 'stopped';

const CONNECT_TIMEOUT_US = 10_000_000;
/** A connection that has held so long is no failed try: the next loss waits shortly again. */
const STEADY_US = 10_000_000;
/** Waits between two connections that are made anew because one book on it wants a snapshot: the others lose theirs with it. */
const RESTART: BackOffLimits = { firstMs: 5_000, highestMs: 600_000 };
/** After so long without such a need the next one does not wait. */
const RESTARTS_FORGOTTEN_US = 1_800_000_000;

/**
 * Decides for one connection: which address to try, when to try again, what to send and when, and when silence means
 * that it is dead. Pure: told of time and of what the socket did, it answers through its door.
 */
export class ConnectionCore {
  state: ConnectionState = 'idle';
  wakeAtUs = Infinity;
  attempts = 0;
  /** Connections that opened and then ended. */
  losses = 0;
  lastReason = '';
  private readonly backOff: BackOff;
  private readonly restarts: BackOff;
  private readonly messages: RateLimit;
  private readonly queue: string[] = [];
  private openedAtUs = 0;
  private lastFrameAtUs = 0;
  private lastSentAtUs = 0;
  private deadlineUs = Infinity;
  /** Messages of the subscription that the address's limit has been charged for, when the connection was asked for. */
  private prepaid = 0;
  private restartedAtUs = -Infinity;
  private restartableAtUs = 0;
  /** Why we are closing the connection; empty where we are not. */
  private ending = '';

  constructor(
    private readonly plan: ConnectionPlan,
    private readonly definition: Pick<VenueDefinition, 'stream' | 'limits'>,
    private readonly address: AddressLimits,
    private readonly door: ConnectionDoor,
    random: Random,
  ) {
    this.backOff = new BackOff(random);
    this.restarts = new BackOff(random, RESTART);
    const { messages } = definition.limits;
    // One is left for what the socket answers by itself: venues count pongs too.
    this.messages = new RateLimit({ ...messages, amount: Math.max(1, messages.amount - 1) });
  }

  start(nowUs: number): void {
    this.connect(nowUs);
  }

  stop(): void {
    const live = this.state === 'connecting' || this.state === 'open';
    this.state = 'stopped';
    this.wakeAtUs = Infinity;
    if (live) this.door.close();
  }

  /**
   * The connection is to be made anew, because only that brings the snapshot that one book wants. Not done where it was done
   * too lately: who wants it asks again.
   */
  restart(reason: string, nowUs: number): void {
    if (this.state !== 'open' || nowUs < this.restartableAtUs) return;
    if (nowUs - this.restartedAtUs >= RESTARTS_FORGOTTEN_US) this.restarts.reset();
    this.restartedAtUs = nowUs;
    this.restartableAtUs = nowUs + this.restarts.next() * 1000;
    this.end(reason);
  }

  /** Queues messages that belong together, unless they wait there already; sent when the venue's limits allow. */
  send(messages: readonly string[], nowUs: number): void {
    if (this.state !== 'open' || messages.length === 0 || this.queue.includes(messages[messages.length - 1])) return;
    this.queue.push(...messages);
    this.flush(nowUs);
    this.planWake(nowUs);
  }

  onOpen(nowUs: number): void {
    if (this.state !== 'connecting') return;
    this.state = 'open';
    this.openedAtUs = this.lastFrameAtUs = nowUs;
    this.queue.length = 0;
    this.queue.push(...this.plan.subscribe);
    this.flush(nowUs);
    this.planWake(nowUs);
  }

  onFrame(nowUs: number): void {
    if (nowUs - this.openedAtUs >= STEADY_US) this.backOff.reset();
    this.lastFrameAtUs = nowUs;
  }

  onClose(reason: string, nowUs: number): void {
    if (this.state === 'stopped') return;
    if (this.state === 'open') this.losses++;
    // What we ended ourselves ends for our reason, not for how the socket tells it.
    if (this.ending !== '') this.lastReason = this.ending;
    else if (reason !== '') this.lastReason = reason;
    this.ending = '';
    this.state = 'waiting';
    this.queue.length = 0;
    this.deadlineUs = nowUs + this.backOff.next() * 1000;
    this.wakeAtUs = this.deadlineUs;
  }

  onWake(nowUs: number): void {
    if (this.state === 'waiting' && nowUs >= this.deadlineUs) return this.connect(nowUs);
    if (this.state === 'connecting' && nowUs >= this.deadlineUs) return this.giveUp('no answer to connecting');
    if (this.state !== 'open') return;
    const { stream } = this.definition;
    if (nowUs - this.lastFrameAtUs >= stream.silenceMs * 1000) return this.giveUp('silence');
    if (stream.keepAlive && nowUs - Math.max(this.lastFrameAtUs, this.lastSentAtUs) >= stream.keepAlive.afterMs * 1000) {
      this.lastSentAtUs = nowUs;
      this.door.send(stream.keepAlive.text);
    }
    this.flush(nowUs);
    this.planWake(nowUs);
  }

  /** When the venue will close this connection by its age; a replacement should open before. */
  get expiresAtUs(): number {
    const { lifetimeMs = Infinity } = this.definition.stream;
    return this.state === 'open' ? this.openedAtUs + lifetimeMs * 1000 : Infinity;
  }

  /** Open for so long already. */
  isOlder(nowUs: number, thanUs: number): boolean {
    return this.state === 'open' && nowUs - this.openedAtUs >= thanUs;
  }

  /** Open for a while, all that was to be said is said, and the venue speaks: it may take the place of another. */
  isSteady(nowUs: number): boolean {
    return this.isOlder(nowUs, STEADY_US) && this.queue.length === 0 && this.lastFrameAtUs > this.openedAtUs;
  }

  private connect(nowUs: number): void {
    const { connections, messages } = this.address;
    const { length } = this.plan.subscribe;
    // A venue may close what has not subscribed within seconds: no connection is opened whose messages would have to wait.
    const readyAtUs = Math.max(connections.availableAtUs(1, nowUs), messages?.availableAtUs(length, nowUs) ?? nowUs);
    if (readyAtUs > nowUs) {
      this.state = 'waiting';
      this.lastReason = 'the venue’s limits';
      this.deadlineUs = this.wakeAtUs = readyAtUs;
      return;
    }
    connections.take(1, nowUs);
    messages?.take(length, nowUs);
    this.prepaid = length;
    const url = this.plan.urls[this.attempts++ % this.plan.urls.length];
    this.state = 'connecting';
    this.deadlineUs = nowUs + CONNECT_TIMEOUT_US;
    this.wakeAtUs = this.deadlineUs;
    this.door.open(url);
  }

  private giveUp(reason: string): void {
    this.wakeAtUs = Infinity;
    this.end(reason);
  }

  private end(reason: string): void {
    this.lastReason = this.ending = reason;
    this.door.close();
  }

  private flush(nowUs: number): void {
    while (this.state === 'open' && this.queue.length > 0 && this.sendableAtUs(nowUs) <= nowUs) {
      this.messages.take(1, nowUs);
      if (this.prepaid > 0) this.prepaid--;
      else this.address.messages?.take(1, nowUs);
      this.lastSentAtUs = nowUs;
      this.door.send(this.queue.shift()!);
    }
  }

  private sendableAtUs(nowUs: number): number {
    const ofAddress = this.prepaid > 0 ? null : this.address.messages;
    return Math.max(this.messages.availableAtUs(1, nowUs), ofAddress?.availableAtUs(1, nowUs) ?? nowUs);
  }

  private planWake(nowUs: number): void {
    if (this.state !== 'open') return;
    const { stream } = this.definition;
    let wake = this.lastFrameAtUs + stream.silenceMs * 1000;
    if (stream.keepAlive) wake = Math.min(wake, Math.max(this.lastFrameAtUs, this.lastSentAtUs) + stream.keepAlive.afterMs * 1000);
    if (this.queue.length > 0) wake = Math.min(wake, this.sendableAtUs(nowUs));
    // Never at once again: what is due now was done just before.
    this.wakeAtUs = Math.max(wake, nowUs + 1000);
  }
}
