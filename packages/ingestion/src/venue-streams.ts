import type { InstrumentSpecification, Random } from '@parallax/types';
import type { ConnectionPlan, Endpoints, FeedName, VenueDefinition } from '@parallax/venues';
import { ConnectionCore, type ConnectionDoor } from './connection-core.js';
import { curesFor } from './cures.js';
import type { AddressLimits } from './rate-limit.js';
import { WantedChannel } from './wanted-channel.js';

/** A replacement opens this long before the venue would close the connection, and not for one that is younger. */
const REPLACE_BEFORE_US = 60_000_000;
/** How often it is looked whether a channel has been silent for too long. */
const JUDGE_EVERY_US = 1_000_000;
/** A replacement that does not hear what the old one hears is given up after so long; another is tried where one is needed. */
const DEAF_US = 120_000_000;
/** A channel of which nothing was heard for so long is missing, however often its connection began anew meanwhile. */
const UNHEARD_US = 60_000_000;

export interface StreamSelection {
  readonly definition: Pick<VenueDefinition, 'stream' | 'limits'>;
  readonly feeds: readonly FeedName[];
  readonly endpoints?: Endpoints;
}

/**
 * All connections of one venue: which carries which channel, when another takes one's place, and what is tried where nothing
 * is heard of a channel. Pure; time is handed in, sockets stand behind the doors.
 */
export class VenueStreams {
  readonly connections: ConnectionCore[] = [];
  readonly channels: WantedChannel[] = [];
  private readonly replacing = new Map<ConnectionCore, ConnectionCore>();
  private judgedAtUs = -Infinity;

  constructor(
    private readonly selection: StreamSelection,
    private readonly address: AddressLimits,
    private readonly doorOf: (core: ConnectionCore) => ConnectionDoor,
    private readonly random: Random,
  ) {}

  /**
   * The wanted instruments as they stand now; connections are opened for those that are new. One that has another name at its
   * venue (a settled contract's heir) is another: what comes under the old name is not of it.
   */
  follow(instruments: readonly InstrumentSpecification[], nowUs: number): void {
    const { definition, feeds, endpoints } = this.selection;
    const added = instruments.filter((instrument) => {
      const known = this.channels.filter((channel) => channel.instrument.symbol === instrument.symbol);
      const isRenamed = known.some((channel) => channel.instrument.venueSymbol !== instrument.venueSymbol);
      if (isRenamed) this.abandon(known, nowUs);
      else for (const channel of known) channel.renew(instrument, nowUs);
      return isRenamed || known.length === 0;
    });
    for (const plan of definition.stream.plan(added, feeds, endpoints)) {
      const wanted = plan.feeds.flatMap((feed) =>
        plan.instruments.map((instrument) => new WantedChannel(instrument, feed, definition.stream.owes[feed], nowUs, this.random)));
      this.channels.push(...wanted);
      this.open(plan, wanted, nowUs);
    }
  }

  stop(): void {
    for (const core of this.every()) core.stop();
  }

  wake(nowUs: number): void {
    for (const [old, fresh] of this.replacing) {
      if (mayTakeOver(old, fresh, nowUs)) this.takeOver(old, fresh);
      else if (fresh.isOlder(nowUs, DEAF_US)) this.giveUp(old, fresh);
    }
    for (const core of this.every()) if (nowUs >= core.wakeAtUs) core.onWake(nowUs);
    for (const core of this.connections) if (nowUs >= core.expiresAtUs - REPLACE_BEFORE_US) this.replace(core, 0, nowUs);
    if (nowUs - this.judgedAtUs < JUDGE_EVERY_US) return;
    this.judgedAtUs = nowUs;
    for (const core of this.every()) if (core.state === 'open') this.cure(core, nowUs);
    for (const channel of this.channels) if (nowUs - Math.max(channel.heardAtUs, channel.wantedSinceUs) >= Math.max(UNHEARD_US, channel.patience.nextUs)) channel.silent(nowUs);
  }

  /** The venue said on a connection that it will close it. */
  onEndAnnounced(core: ConnectionCore, nowUs: number): void {
    // One that has just opened has been told what its predecessor was told.
    if (core.isOlder(nowUs, REPLACE_BEFORE_US)) this.replace(core, 0, nowUs);
  }

  /** The connection that carries a feed of a symbol. */
  carrierOf(symbol: string, feed: FeedName): ConnectionCore | undefined {
    return this.connections.find(({ channels }) => channels.find(symbol, feed) !== undefined);
  }

  /** Every connection, those that are to take another's place among them. */
  every(): ConnectionCore[] {
    return [...this.connections, ...this.replacing.values()];
  }

  /** A symbol goes to another connection that lives and has room, else to one of its own. */
  move(symbol: string, from: ConnectionCore, nowUs: number): void {
    const wanted = from.channels.all.map(({ channel }) => channel).filter(({ instrument }) => instrument.symbol === symbol);
    const to = this.connections.find((core) => core !== from && this.hasRoom(core, from, wanted.length));
    for (const core of [from, this.replacing.get(from)]) core?.send(core.channels.leave(symbol), nowUs);
    if (to) to.send(to.channels.ask(to.channels.add(wanted)), nowUs);
    else this.open(from.plan, wanted, nowUs);
    if (from.channels.all.length === 0) this.drop(from);
  }

  private open(plan: Pick<ConnectionPlan, 'urls' | 'feeds'>, wanted: readonly WantedChannel[], nowUs: number): ConnectionCore {
    const core = this.made(plan, wanted);
    this.connections.push(core);
    core.start(nowUs);
    return core;
  }

  private made(plan: Pick<ConnectionPlan, 'urls' | 'feeds'>, wanted: readonly WantedChannel[], firstUrl = 0): ConnectionCore {
    return new ConnectionCore(plan, wanted, this.selection.definition, this.address, this.doorOf, this.random, firstUrl);
  }

  /** Another connection opens beside the old one; both carry the same for a while, so that no book is without one. */
  private replace(old: ConnectionCore, firstUrl: number, nowUs: number): void {
    if (!this.isReplaceable(old)) return;
    const fresh = this.made(old.plan, old.channels.all.map(({ channel }) => channel), firstUrl);
    this.replacing.set(old, fresh);
    fresh.start(nowUs);
  }

  private isReplaceable(core: ConnectionCore): boolean {
    return this.connections.includes(core) && !this.replacing.has(core);
  }

  private takeOver(old: ConnectionCore, fresh: ConnectionCore): void {
    this.replacing.delete(old);
    this.connections[this.connections.indexOf(old)] = fresh;
    old.stop();
  }

  private giveUp(old: ConnectionCore, fresh: ConnectionCore): void {
    this.replacing.delete(old);
    fresh.stop();
  }

  private cure(core: ConnectionCore, nowUs: number): void {
    const { channels } = core;
    channels.judge(nowUs);
    const { again, elsewhere, replace } = curesFor(channels.all, this.connections.includes(core), nowUs);
    // At the next address: it may be the server behind this one that is ill.
    if (replace && this.isReplaceable(core)) return this.replace(core, core.attempts, nowUs);
    core.send(channels.askAgain(again), nowUs);
    for (const symbol of elsewhere) this.move(symbol, core, nowUs);
  }

  /** Leaves the channels of one symbol for good. */
  private abandon(channels: readonly WantedChannel[], nowUs: number): void {
    const [{ instrument: { symbol } }] = channels;
    for (const core of this.every()) core.send(core.channels.leave(symbol), nowUs);
    for (const core of this.connections.filter((one) => one.channels.all.length === 0)) this.drop(core);
    for (const channel of channels) this.channels.splice(this.channels.indexOf(channel), 1);
  }

  /** Ends a connection that carries nothing any more: it would fall silent, and be opened anew, for ever. */
  private drop(core: ConnectionCore): void {
    const fresh = this.replacing.get(core);
    if (fresh) this.giveUp(core, fresh);
    this.connections.splice(this.connections.indexOf(core), 1);
    core.stop();
  }

  private hasRoom(core: ConnectionCore, like: ConnectionCore, more: number): boolean {
    const { all } = core.channels;
    return core.state === 'open' && !this.replacing.has(core) && core.plan.urls[0] === like.plan.urls[0] &&
      all.some(({ state }) => state === 'living') && all.length + more <= this.selection.definition.limits.streamsPerConnection;
  }
}

/**
 * Whether a replacement may take the old one's place: the old one is gone, or it has settled and hears all that the old one
 * hears. Where neither hears anything the new one, at another address, is no worse.
 */
function mayTakeOver(old: ConnectionCore, fresh: ConnectionCore, nowUs: number): boolean {
  if (fresh.state !== 'open') return false;
  return old.state !== 'open' ? true : fresh.isSettled(nowUs) && fresh.hearsWhat(old);
}
