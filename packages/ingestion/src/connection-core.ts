import type { Random } from '@parallax/types';
import type { ConnectionPlan, VenueDefinition } from '@parallax/venues';
import { BackOff } from './back-off.js';
import { TokenBucket } from './token-bucket.js';

/** What a connection does to the world. */
export interface ConnectionDoor {
  open(url: string): void;
  send(text: string): void;
  close(): void;
}

export type ConnectionState = 'idle' | 'connecting' | 'open' | 'waiting' | 'stopped';

const CONNECT_TIMEOUT_US = 10_000_000;
const SECOND_US = 1_000_000;

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
  private readonly messages: TokenBucket;
  private readonly queue: string[] = [];
  private openedAtUs = 0;
  private lastFrameAtUs = 0;
  private lastSentAtUs = 0;
  private deadlineUs = Infinity;

  constructor(
    private readonly plan: ConnectionPlan,
    private readonly definition: Pick<VenueDefinition, 'stream' | 'limits'>,
    private readonly door: ConnectionDoor,
    random: Random,
  ) {
    this.backOff = new BackOff(random);
    this.messages = new TokenBucket(Math.max(1, definition.limits.messagesPerSecond), SECOND_US);
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

  /** The connection is to be made anew, e.g. because only that brings fresh snapshots. */
  restart(reason: string): void {
    if (this.state !== 'open') return;
    this.lastReason = reason;
    this.door.close();
  }

  /** Queues a message; sent when the venue's limit allows. */
  send(text: string, nowUs: number): void {
    this.queue.push(text);
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
    // The first frame shows that the address works.
    if (this.lastFrameAtUs === this.openedAtUs) this.backOff.reset();
    this.lastFrameAtUs = nowUs;
  }

  onClose(reason: string, nowUs: number): void {
    if (this.state === 'stopped') return;
    if (this.state === 'open') this.losses++;
    if (reason !== '') this.lastReason = reason;
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
      this.queue.push(stream.keepAlive.text);
    }
    this.flush(nowUs);
    this.planWake(nowUs);
  }

  /** When the venue will close this connection by its age; a replacement should open before. */
  get expiresAtUs(): number {
    return this.state === 'open' ? this.openedAtUs + this.definition.stream.lifetimeMs * 1000 : Infinity;
  }

  private connect(nowUs: number): void {
    const url = this.plan.urls[this.attempts++ % this.plan.urls.length];
    this.state = 'connecting';
    this.deadlineUs = nowUs + CONNECT_TIMEOUT_US;
    this.wakeAtUs = this.deadlineUs;
    this.door.open(url);
  }

  private giveUp(reason: string): void {
    this.lastReason = reason;
    this.wakeAtUs = Infinity;
    this.door.close();
  }

  private flush(nowUs: number): void {
    while (this.state === 'open' && this.queue.length > 0 && this.messages.take(1, nowUs)) {
      this.lastSentAtUs = nowUs;
      this.door.send(this.queue.shift()!);
    }
  }

  private planWake(nowUs: number): void {
    if (this.state !== 'open') return;
    const { stream } = this.definition;
    let wake = this.lastFrameAtUs + stream.silenceMs * 1000;
    if (stream.keepAlive) wake = Math.min(wake, Math.max(this.lastFrameAtUs, this.lastSentAtUs) + stream.keepAlive.afterMs * 1000);
    if (this.queue.length > 0) wake = Math.min(wake, this.messages.availableAtUs(1, nowUs));
    // Never at once again: what is due now was done just before.
    this.wakeAtUs = Math.max(wake, nowUs + 1000);
  }
}
