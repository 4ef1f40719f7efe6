import { Trust, TrustCause, type InstrumentSpecification } from '@parallax/types';
import type { DepthUpdate, LevelChanges } from './depth-update.js';
import type { JoinRule } from './join-rule.js';
import { LadderBook } from './ladder-book.js';
import { bridgeLink, firstBridgeLink, inBandLink, isBridged, isChained, provesItself, type Link, type UpdateIds } from './links.js';
import { Side } from './side.js';
import { trustRule, type TrustCounter } from './trust-table.js';
import { UnreadableLevels } from './unreadable-levels.js';
import { UpdateBuffer, type BufferedUpdate } from './update-buffer.js';

/** What became of an update. */
export const Applied = { ignored: 0, changed: 1, buffered: 2, broken: 3 } as const;
export type Applied = (typeof Applied)[keyof typeof Applied];

export type KeeperCounters = Record<Exclude<TrustCounter, 'none'>, number> & { checksumsChecked: number; updates: number };

/**
 * One symbol's book with its trust: joins snapshot and updates by the venue's rule, verifies what the venue lets verify,
 * and says when the book may be believed. Asks for a snapshot through `wantSnapshot` once, until one has come or none is needed
 * any more; who hears it asks the venue again where none comes.
 */
export class BookKeeper {
  readonly book: LadderBook;
  readonly unreadable = new UnreadableLevels();
  readonly counters: KeeperCounters = {
    resyncs: 0, gaps: 0, checksumsFailed: 0, crossed: 0, refused: 0, silences: 0, disconnects: 0, disagreements: 0,
    unreadable: 0, checksumsChecked: 0, updates: 0,
  };
  trust: Trust = Trust.resyncing;
  cause: TrustCause = TrustCause.started;
  /** The venue's id of the last applied update; 0 where it has none. */
  lastId = 0;
  private awaitingFirst = false;
  private requested = false;
  private readonly buffer = new UpdateBuffer();

  constructor(
    private readonly rule: JoinRule,
    private specification: InstrumentSpecification,
    private readonly wantSnapshot: (cause: TrustCause) => void,
  ) {
    this.book = new LadderBook(specification.priceStep);
  }

  /** Whether a fresh snapshot would mend nothing: the book is synced, or unreadable levels alone are in the way. */
  get isJoined(): boolean {
    return this.trust === Trust.synced || (this.trust === Trust.suspect && trustRule(this.cause).wayOut === 'level-gone');
  }

  get buffered(): number {
    return this.buffer.length;
  }

  /** Takes an update or a snapshot. `verify` false leaves checksums unchecked (for measuring their cost only). */
  apply(update: DepthUpdate, verify = true): Applied {
    if (update.snapshot || this.rule.kind === 'whole') return this.applySnapshot(update, verify);
    if (this.trust === Trust.resyncing) return this.wait(update);
    const link = this.linkOf(update);
    if (link === 'old') return Applied.ignored;
    if (link === 'gap') return this.brokenBy(TrustCause.gap, update);
    this.awaitingFirst = false;
    this.write(update);
    this.lastId = update.lastId;
    this.counters.updates++;
    const applied = this.check(update, verify);
    if (link === 'reset' && this.trust === Trust.synced) this.fault(TrustCause.venueReset);
    return applied;
  }

  /** Whether the book goes on by its ids, wherever they come from: each connection of a venue tells the same. */
  get chained(): boolean {
    return this.trust !== Trust.resyncing && isChained(this.rule, this);
  }

  /** Whether an update is the very next of the book by its ids. */
  continues(update: UpdateIds): boolean {
    return this.chained && isChained(this.rule, update) && this.linkOf(update) === 'linked';
  }

  /** Moves trust by a cause; a book that needs a snapshot asks for it. */
  fault(cause: TrustCause): void {
    const rule = trustRule(cause);
    const next = rule.next[this.trust];
    if (rule.counter !== 'none') this.counters[rule.counter]++;
    // A book that is suspect for another cause does not come back by what would end a silence.
    if (this.trust === Trust.suspect && rule.wayOut === 'next-update') return;
    this.cause = cause;
    this.trust = next;
    if (next === Trust.resyncing) {
      this.book.clear();
      this.unreadable.clear();
      this.buffer.clear();
      this.lastId = 0;
    }
    // What was asked for on a connection that is gone will not come; a book that is synced needs nothing.
    if (cause === TrustCause.connectionLost || next === Trust.synced) this.requested = false;
    if (rule.wayOut === 'snapshot' || (rule.wayOut === 'next-proof' && !provesItself(this.rule))) this.request(cause);
  }

  private applySnapshot(update: DepthUpdate, verify: boolean): Applied {
    const bridged = this.rule.kind === 'rest-bridge' || update.fetched;
    if (!bridged && this.isTooThin(update)) {
      this.fault(TrustCause.snapshotMissing);
      return Applied.ignored;
    }
    if (bridged && this.isKnown(update.lastId)) {
      this.requested = false;
      return Applied.ignored;
    }
    if (bridged && !this.bridges(update.lastId)) {
      this.requested = false;
      this.request(TrustCause.snapshotMissing);
      return Applied.ignored;
    }
    this.book.clear();
    this.unreadable.clear();
    this.write(update);
    this.lastId = update.lastId;
    this.awaitingFirst = bridged;
    this.requested = false;
    this.fault(TrustCause.snapshotApplied);
    // A snapshot of the stream contains all that came before it.
    const waiting = bridged ? this.buffer.all() : [];
    this.buffer.clear();
    for (const buffered of waiting) if (!this.applyBuffered(buffered)) return this.brokenBy(TrustCause.gap, update);
    return this.check(update, verify && waiting.length === 0);
  }

  /** Whether the book stands at a snapshot's id or beyond already; one that is doubted is made good by its very id. */
  private isKnown(snapshotId: number): boolean {
    if (this.trust === Trust.resyncing) return false;
    return this.trust === Trust.synced ? snapshotId <= this.lastId : snapshotId < this.lastId;
  }

  /** Whether the oldest buffered update that a snapshot does not contain hangs on it. */
  private bridges(snapshotId: number): boolean {
    if (!isBridged(this.rule)) return true;
    for (const buffered of this.buffer.all()) {
      const link = firstBridgeLink(this.rule, buffered, snapshotId);
      if (link !== 'old') return link === 'linked';
    }
    return true;
  }

  private applyBuffered(update: BufferedUpdate): boolean {
    const link = this.linkOf(update);
    if (link === 'gap') return false;
    if (link === 'old') return true;
    this.awaitingFirst = false;
    this.write(update);
    this.lastId = update.lastId;
    this.counters.updates++;
    return true;
  }

  private linkOf(update: UpdateIds): Link {
    const { rule } = this;
    if (this.awaitingFirst && isBridged(rule)) return firstBridgeLink(rule, update, this.lastId);
    if (rule.kind === 'rest-bridge') return bridgeLink(rule, update, this.lastId);
    return rule.kind === 'in-band' ? inBandLink(rule, update, this.lastId) : 'linked';
  }

  /** A nearly empty snapshot of the stream, where a better one is to be had. */
  private isTooThin({ lastId, bids, asks }: DepthUpdate): boolean {
    const { rule } = this;
    if (rule.kind !== 'in-band' || rule.bridge === undefined || lastId === 0) return false;
    return Math.min(bids.count, asks.count) < rule.bridge.fewestLevels;
  }

  /** No base yet: updates that a REST snapshot can be bridged with wait for it, others are lost and bring a fresh one. */
  private wait(update: DepthUpdate): Applied {
    const waits = this.mayWait(update);
    if (waits) this.buffer.push(update);
    if (this.cause === TrustCause.started) this.cause = TrustCause.snapshotMissing;
    this.request(TrustCause.snapshotMissing);
    return waits ? Applied.buffered : Applied.ignored;
  }

  private mayWait(update: UpdateIds): boolean {
    return isBridged(this.rule) && isChained(this.rule, update);
  }

  private brokenBy(cause: TrustCause, update: DepthUpdate): Applied {
    this.fault(cause);
    if (!update.snapshot && this.mayWait(update)) this.buffer.push(update);
    return Applied.broken;
  }

  private write(update: LevelChanges): void {
    const { book, unreadable } = this;
    const { depthLimit } = this.rule;
    if (unreadable.count === 0 && update.unreadable.length === 0) {
      book.setAll(Side.bid, update.bids);
      book.setAll(Side.ask, update.asks);
      if (depthLimit !== undefined) book.truncate(depthLimit);
    } else {
      unreadable.write(book, update);
      if (depthLimit !== undefined) unreadable.truncate(book, depthLimit);
    }
  }

  /** What can be verified after an update: the venue's checksum, and that the book is not crossed. */
  private check(update: DepthUpdate, verify: boolean): Applied {
    const { rule, book, unreadable } = this;
    const sum = update.checksum;
    const checksum = rule.kind === 'in-band' ? rule.checksum : undefined;
    const hasChecksum = checksum !== undefined && sum === sum && sum !== checksum.absent;
    // Numbers that are not known cannot be summed: such a checksum neither proves nor disproves the update.
    const isComputable = hasChecksum && (unreadable.count === 0 || !unreadable.isAmong(book, checksum.levels));
    if (verify && isComputable) {
      this.counters.checksumsChecked++;
      if (checksum.compute(book, this.specification) !== sum) return this.brokenBy(TrustCause.checksumFailed, update);
    }
    if (book.bestBidPrice >= book.bestAskPrice && book.bestAskSize > 0 && book.bestBidSize > 0) {
      if (rule.crossed === 'resync') return this.brokenBy(TrustCause.crossed, update);
      this.trust = Trust.suspect;
      this.cause = TrustCause.crossed;
    } else {
      if (this.trust !== Trust.synced) this.resume(isChained(rule, update), isComputable);
      if (unreadable.count > 0 && this.trust === Trust.synced) this.doubt(hasChecksum && !isComputable && !isChained(rule, update));
    }
    return Applied.changed;
  }

  /** A synced book that holds unreadable levels: are its best and, `unproved` says no, its updates still known to be right? */
  private doubt(unproved: boolean): void {
    if (unproved) this.fault(TrustCause.checksumImpossible);
    else if (this.unreadable.hidesBest(this.book)) this.fault(TrustCause.levelUnreadable);
  }

  /** `chained`: the update shows by its ids that none was lost before it. A sum that is right says so of the best levels alone. */
  private resume(chained: boolean, summed: boolean): void {
    const { wayOut } = trustRule(this.cause);
    if (this.cause === TrustCause.crossed) {
      if (this.rule.crossed === 'tolerate') this.fault(TrustCause.resumed);
    } else if (wayOut === 'next-update' || (wayOut === 'next-proof' && chained)) {
      this.fault(TrustCause.resumed);
    } else if (wayOut === 'level-gone') {
      // Where nothing was in doubt but the best, to see it is enough; unproved updates are made good by a proof alone.
      if (this.cause === TrustCause.checksumImpossible ? chained || summed : !this.unreadable.hidesBest(this.book)) this.fault(TrustCause.resumed);
    } else if (wayOut === 'next-proof') {
      this.request(this.cause);
    }
  }

  private request(cause: TrustCause): void {
    if (this.requested) return;
    this.requested = true;
    this.wantSnapshot(cause);
  }
}
