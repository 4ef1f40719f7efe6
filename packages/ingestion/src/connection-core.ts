import type { Random } from '@parallax/types';
import type { FeedName, VenueDefinition } from '@parallax/venues';
import { BackOff, type BackOffLimits } from './back-off.js';
import { CarriedChannels } from './carried-channels.js';
import { Outgoing, type Message } from './outgoing.js';
import type { AddressLimits } from './rate-limit.js';
import type { WantedChannel } from './wanted-channel.js';

/** What a connection does to the world. */
export interface ConnectionDoor {
  open(url: string): void;
  send(text: string): void;
  close(): void;
  /** Closes for good: what the socket still says is not heard. */
  end(): void;
}

export type ConnectionState = 'idle' | 'connecting' | 'open' | 'waiting' | 'stopped';

const CONNECT_TIMEOUT_US = 10_000_000;
/** A connection that has held so long is no failed try: the next loss waits shortly again. */
const STEADY_US = 10_000_000;
/** Waits between two connections that are made anew because one book on it wants a snapshot: the others lose theirs with it. */
const RESTART: BackOffLimits = { firstMs: 5_000, highestMs: 600_000 };
/** After so long without such a need the next one does not wait. */
const RESTARTS_FORGOTTEN_US = 1_800_000_000;
/** Nothing is asked for so long on a connection whose venue said that it is asked too much. */
const RATED_PAUSE_US = 10_000_000;

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
  readonly channels: CarriedChannels;
  private readonly door: ConnectionDoor;
  private readonly outgoing: Outgoing;
  private readonly backOff: BackOff;
  private readonly restarts: BackOff;
  private openedAtUs = 0;
  private lastFrameAtUs = 0;
  private deadlineUs = Infinity;
  private restartedAtUs = -Infinity;
  private restartableAtUs = 0;
  /** Why we are closing the connection; empty where we are not. */
  private ending = '';

  constructor(
    readonly plan: { readonly urls: readonly string[]; readonly feeds: readonly FeedName[] },
    wanted: readonly WantedChannel[],
    private readonly definition: Pick<VenueDefinition, 'stream' | 'limits'>,
    private readonly address: AddressLimits,
    doorOf: (core: ConnectionCore) => ConnectionDoor,
    random: Random,
    /** Which of the addresses is tried first. */
    private readonly firstUrl = 0,
  ) {
    this.channels = new CarriedChannels(definition.stream);
    this.channels.add(wanted);
    this.backOff = new BackOff(random);
    this.restarts = new BackOff(random, RESTART);
    this.outgoing = new Outgoing(definition.limits, address, (text) => this.door.send(text));
    this.door = doorOf(this);
  }

  start(nowUs: number): void {
    this.connect(nowUs);
  }

  stop(): void {
    this.state = 'stopped';
    this.wakeAtUs = Infinity;
    this.door.end();
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

  /** Queues messages; sent when the venue's limits allow. */
  send(messages: readonly Message[], nowUs: number): void {
    if (this.state !== 'open') return;
    this.outgoing.add(messages);
    this.outgoing.flush(nowUs);
    this.planWake(nowUs);
  }

  onOpen(nowUs: number): void {
    if (this.state !== 'connecting') return;
    this.state = 'open';
    this.openedAtUs = this.lastFrameAtUs = this.channels.livedAtUs = nowUs;
    this.outgoing.add(this.channels.begin());
    this.outgoing.flush(nowUs);
    this.planWake(nowUs);
  }

  onFrame(frame: Uint8Array, nowUs: number): void {
    const { channels } = this;
    this.lastFrameAtUs = nowUs;
    channels.hear(frame, nowUs);
    if (nowUs - this.openedAtUs >= STEADY_US && this.provenAtUs === nowUs) this.backOff.reset();
    if (channels.ratedAtUs === nowUs) this.outgoing.pause(nowUs + RATED_PAUSE_US);
  }

  onClose(reason: string, nowUs: number): void {
    if (this.state === 'stopped') return;
    if (this.state === 'open') this.losses++;
    // What we ended ourselves ends for our reason, not for how the socket tells it.
    if (this.ending !== '') this.lastReason = this.ending;
    else if (reason !== '') this.lastReason = reason;
    this.ending = '';
    this.state = 'waiting';
    this.outgoing.clear();
    this.channels.lost();
    this.deadlineUs = nowUs + this.backOff.next() * 1000;
    this.wakeAtUs = this.deadlineUs;
  }

  onWake(nowUs: number): void {
    if (this.state === 'waiting' && nowUs >= this.deadlineUs) return this.connect(nowUs);
    if (this.state === 'connecting' && nowUs >= this.deadlineUs) return this.giveUp('no answer to connecting');
    if (this.state !== 'open') return;
    const { silenceMs, keepAlive } = this.definition.stream;
    if (nowUs - this.provenAtUs >= silenceMs * 1000) {
      return this.giveUp(this.lastFrameAtUs === this.provenAtUs ? 'silence' : 'neither data nor heartbeat, though it answers');
    }
    if (keepAlive && nowUs >= this.spokenAtUs + keepAlive.afterMs * 1000) this.outgoing.sendNow(keepAlive.text, nowUs);
    this.outgoing.flush(nowUs);
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

  /** Open for a while, and all that was to be said is said. */
  isSettled(nowUs: number): boolean {
    return this.isOlder(nowUs, STEADY_US) && this.outgoing.isEmpty;
  }

  /** Whether it hears, since it opened, every channel that `other` heard meanwhile. */
  hearsWhat(other: ConnectionCore): boolean {
    return other.channels.all.every(({ channel, heardAtUs }) =>
      heardAtUs <= this.openedAtUs || this.channels.find(channel.instrument.symbol, channel.feed)?.isHeard !== false);
  }

  /** When the connection showed last that it lives: by data or its beat where the venue beats, else by any frame. */
  private get provenAtUs(): number {
    return this.definition.stream.beats ? this.channels.livedAtUs : this.lastFrameAtUs;
  }

  private get spokenAtUs(): number {
    return Math.max(this.lastFrameAtUs, this.outgoing.lastSentAtUs);
  }

  private connect(nowUs: number): void {
    const { connections, messages } = this.address;
    const first = this.channels.beginsWith;
    // A venue may close what has not subscribed within seconds: no connection is opened whose messages would have to wait.
    const readyAtUs = Math.max(connections.availableAtUs(1, nowUs), messages?.availableAtUs(first, nowUs) ?? nowUs);
    if (readyAtUs > nowUs) {
      this.state = 'waiting';
      this.lastReason = 'the venue’s limits';
      this.deadlineUs = this.wakeAtUs = readyAtUs;
      return;
    }
    connections.take(1, nowUs);
    messages?.take(first, nowUs);
    this.outgoing.begin(first);
    const url = this.plan.urls[(this.firstUrl + this.attempts++) % this.plan.urls.length];
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

  private planWake(nowUs: number): void {
    if (this.state !== 'open') return;
    const { silenceMs, keepAlive } = this.definition.stream;
    let wake = Math.min(this.provenAtUs + silenceMs * 1000, this.outgoing.wakeAtUs(nowUs));
    if (keepAlive) wake = Math.min(wake, this.spokenAtUs + keepAlive.afterMs * 1000);
    // Never at once again: what is due now was done just before.
    this.wakeAtUs = Math.max(wake, nowUs + 1000);
  }
}
