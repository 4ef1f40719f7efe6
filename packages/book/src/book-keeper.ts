import { Trust, TrustCause, type InstrumentSpecification } from '@parallax/types';
import type { DepthUpdate, LevelChanges } from './depth-update.js';
import { snapshotLimits, type JoinRule } from './join-rule.js';
import { KnownDepth } from './known-depth.js';
import { LadderBook } from './ladder-book.js';
import { bridges, isBridged, isChained, linkOf, provesItself, type Link, type UpdateIds } from './links.js';
import type { BestWitness } from './snapshot-edge.js';
import { showsItself, trustRule, type TrustCounter } from './trust-table.js';
import { UpdateBuffer, type BufferedUpdate } from './update-buffer.js';

/** What became of an update. */
export const Applied = { ignored: 0, changed: 1, buffered: 2, broken: 3 } as const;
export type Applied = (typeof Applied)[keyof typeof Applied];

export type KeeperCounters = Record<Exclude<TrustCounter, 'none'>, number> & { checksumsChecked: number; updates: number; renewals: number };

/** The latest updates that are kept for a snapshot that renews a book; more than come while one is fetched. */
const KEPT_UPDATES = 300;
/** Updates that a fetched snapshot may have contained already: ten seconds of the fastest stream, a minute or two of others. */
const MOST_CONTAINED = 1_000;

/**
 * One symbol's book with its trust: joins snapshot and updates by the venue's rule, verifies what the venue lets verify,
 * and says when the book may be believed. Asks for a snapshot through `wantSnapshot` once, until one has come or none is needed
 * any more; who hears it asks the venue again where none comes, and returns false where it could not be told.
 */
export class BookKeeper {
  readonly book: LadderBook;
  readonly known = new KnownDepth();
  readonly unreadable = this.known.unreadable;
  readonly counters: KeeperCounters = {
    resyncs: 0, gaps: 0, checksumsFailed: 0, crossed: 0, refused: 0, silences: 0, disconnects: 0, disagreements: 0,
    unreadable: 0, beyond: 0, checksumsChecked: 0, updates: 0, renewals: 0,
  };
  trust: Trust = Trust.resyncing;
  cause: TrustCause = TrustCause.started;
  /** The venue's id of the last applied update; 0 where it has none. */
  lastId = 0;
  private awaitingFirst = false;
  /** Updates since a fetched snapshot that it contained already. */
  private contained = 0;
  private requested = false;
  /** What a snapshot is wanted for and not yet told: told at the end of each event, when the state is whole. */
  private wish: TrustCause = TrustCause.none;
  /**
   * A fresh snapshot is wanted for a book that stands: its best nears the edge of the one before. Updates that are applied are kept as
   * well meanwhile: the snapshot will be older than the latest of them.
   */
  private renewing = false;
  private readonly buffer = new UpdateBuffer();

  constructor(
    private readonly rule: JoinRule,
    private specification: InstrumentSpecification,
    private readonly wantSnapshot: (cause: TrustCause) => unknown,
    private readonly witness: BestWitness | null = null,
  ) {
    this.book = new LadderBook(specification.priceStep);
  }

  /** Whether a fresh snapshot would mend nothing: the book is synced and far from its edge, or what is in the way would be in it too. */
  get isJoined(): boolean {
    return !this.renewing && (this.trust === Trust.synced || (this.trust === Trust.suspect && showsItself(trustRule(this.cause).wayOut)));
  }

  /** Why a snapshot is wanted, where one is. */
  get reason(): TrustCause {
    return this.renewing && this.trust === Trust.synced ? TrustCause.beyondSnapshot : this.cause;
  }

  get buffered(): number {
    return this.buffer.length;
  }

  /** Takes an update or a snapshot. `verify` false leaves checksums unchecked (for measuring their cost only). */
  apply(update: DepthUpdate, verify = true): Applied {
    const applied = this.take(update, verify);
    this.tellWish();
    return applied;
  }

  private take(update: DepthUpdate, verify: boolean): Applied {
    if (update.snapshot || this.rule.kind === 'whole') return this.applySnapshot(update, verify);
    if (this.trust === Trust.resyncing) return this.wait(update);
    const link = this.linkOf(update);
    if (link === 'old') return this.pass(update);
    if (link === 'gap') return this.brokenBy(TrustCause.gap, update);
    this.awaitingFirst = false;
    this.write(update);
    this.lastId = update.lastId;
    this.counters.updates++;
    if (this.renewing) this.keep(update, link === 'reset');
    const applied = this.check(update, verify);
    if (link === 'reset' && this.trust === Trust.synced) this.move(TrustCause.venueReset);
    return applied;
  }

  /** An update that the book contains. A snapshot that the stream does not come to has an id that is none of it: its book is lost. */
  private pass(update: DepthUpdate): Applied {
    if (!this.awaitingFirst || ++this.contained <= MOST_CONTAINED) return Applied.ignored;
    return this.brokenBy(TrustCause.gap, update);
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
    this.move(cause);
    this.tellWish();
  }

  private move(cause: TrustCause): void {
    const rule = trustRule(cause);
    const next = rule.next[this.trust];
    if (rule.counter !== 'none') this.counters[rule.counter]++;
    // A book that is suspect for another cause does not come back by what would end a silence.
    if (this.trust === Trust.suspect && rule.wayOut === 'next-update') return;
    this.cause = cause;
    this.trust = next;
    if (next === Trust.resyncing) {
      this.book.clear();
      this.known.clear();
      this.buffer.clear();
      this.lastId = 0;
      this.renewing = false;
    }
    // What was asked for on a connection that is gone will not come; a book that is synced needs nothing.
    if (cause === TrustCause.connectionLost || next === Trust.synced) this.requested = false;
    if (rule.wayOut === 'snapshot' || (rule.wayOut === 'next-proof' && !provesItself(this.rule))) this.request(cause);
  }

  private applySnapshot(update: DepthUpdate, verify: boolean): Applied {
    const bridged = this.rule.kind === 'rest-bridge' || update.fetched;
    if (!bridged && this.isTooThin(update)) {
      this.move(TrustCause.snapshotMissing);
      return Applied.ignored;
    }
    if (bridged && !this.isJoinable(update.lastId)) return Applied.ignored;
    this.book.clear();
    this.known.clear();
    this.write(update);
    if (bridged) this.known.begin(this.book, update, update.lastId, snapshotLimits(this.rule));
    this.lastId = update.lastId;
    this.awaitingFirst = bridged;
    this.contained = 0;
    this.requested = false;
    const isRenewal = this.renewing && this.trust === Trust.synced;
    this.renewing = false;
    if (isRenewal) this.counters.renewals++;
    else this.move(TrustCause.snapshotApplied);
    // A snapshot of the stream contains all that came before it.
    const waiting = bridged ? this.buffer.all() : [];
    this.buffer.clear();
    for (const buffered of waiting) if (!this.applyBuffered(buffered)) return this.brokenBy(TrustCause.gap, update);
    return this.check(update, verify && waiting.length === 0);
  }

  /** Whether a snapshot by REST brings something new and hangs together with what came; asked for again where it should and does not. */
  private isJoinable(snapshotId: number): boolean {
    // One that renews a book is older than it as a rule: the updates since then were kept.
    const isKept = this.renewing && !this.wantsProof && (snapshotId === this.lastId || this.buffer.length > 0);
    const isKnown = this.isKnown(snapshotId) && !isKept;
    if (!isKnown && bridges(this.rule, this.buffer.all(), snapshotId)) return true;
    this.requested = false;
    if (this.renewing) this.request(TrustCause.beyondSnapshot);
    else if (!isKnown) this.request(TrustCause.snapshotMissing);
    return false;
  }

  /** Whether the book stands at a snapshot's id or beyond already; one that is doubted is made good by its very id. */
  private isKnown(snapshotId: number): boolean {
    if (this.trust === Trust.resyncing) return false;
    return this.trust === Trust.synced ? snapshotId <= this.lastId : snapshotId < this.lastId;
  }

  /** Whether something may have come after the book's last update that a snapshot from before it would not show. */
  private get wantsProof(): boolean {
    return this.trust !== Trust.synced && !showsItself(trustRule(this.cause).wayOut);
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
    return linkOf(this.rule, update, this.lastId, this.awaitingFirst);
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
    this.move(cause);
    if (!update.snapshot && this.mayWait(update)) this.buffer.push(update);
    return Applied.broken;
  }

  private write(update: LevelChanges): void {
    this.known.write(this.book, update, this.rule.depthLimit);
  }

  /** What can be verified after an update: the venue's checksum, that the book is not crossed, and that its best is known. */
  private check(update: DepthUpdate, verify: boolean): Applied {
    const { rule, book, known } = this;
    const sum = update.checksum;
    const checksum = rule.kind === 'in-band' ? rule.checksum : undefined;
    const hasChecksum = checksum !== undefined && sum === sum && sum !== checksum.absent;
    // Numbers that are not known cannot be summed: such a checksum neither proves nor disproves the update.
    const isComputable = hasChecksum && known.covers(book, checksum.levels);
    if (verify && isComputable) {
      this.counters.checksumsChecked++;
      if (checksum.compute(book, this.specification) !== sum) return this.brokenBy(TrustCause.checksumFailed, update);
    }
    const isCrossed = book.bestBidPrice >= book.bestAskPrice && book.bestAskSize > 0 && book.bestBidSize > 0;
    if (isCrossed && this.isLost(update, isComputable)) return this.brokenBy(TrustCause.crossed, update);
    // Once the snapshot is asked for, only the edge itself tells something new.
    const isNear = this.renewing && this.requested ? known.edge.isPassed(book) : known.edge.isNear(book);
    if (isCrossed || isNear || known.unreadable.count > 0 || hasChecksum !== isComputable || this.trust !== Trust.synced) {
      this.weigh(isCrossed, isNear, isChained(rule, update), hasChecksum, isComputable);
    }
    return Applied.changed;
  }

  /** A book that is not synced, or of which something is in doubt: rare. */
  private weigh(isCrossed: boolean, isNear: boolean, chained: boolean, hasChecksum: boolean, summed: boolean): void {
    const { book, known } = this;
    const unproved = hasChecksum && !summed && !chained;
    const doubt = unproved ? TrustCause.checksumImpossible : isCrossed ? TrustCause.crossedAtVenue : known.doubt(book, this.witness, this.lastId);
    if (this.trust !== Trust.synced) this.resume(chained, summed, doubt);
    if (this.trust === Trust.synced && doubt !== TrustCause.none) this.move(doubt);
    if (isNear) this.renew();
  }

  /** Whether a book that an update crossed has lost changes; where the venue shows that it is crossed itself, it has not. */
  private isLost(update: DepthUpdate, summed: boolean): boolean {
    const isShown = update.snapshot || summed || (this.trust === Trust.suspect && this.cause === TrustCause.crossedAtVenue);
    return this.rule.crossed === 'resync' && !isShown;
  }

  /** `chained`: the update shows by its ids that none was lost before it. A sum that is right says so of the best levels alone. */
  private resume(chained: boolean, summed: boolean, doubt: TrustCause): void {
    const { wayOut } = trustRule(this.cause);
    if (this.trust === Trust.suspect && showsItself(wayOut)) {
      // Unproved updates are made good by a proof alone; where nothing was in doubt but the best, to see it is enough.
      if (this.cause === TrustCause.checksumImpossible && !chained && !summed) return;
      if (doubt !== this.cause) this.move(doubt === TrustCause.none ? TrustCause.resumed : doubt);
    } else if (wayOut === 'next-update' || (wayOut === 'next-proof' && chained)) {
      this.move(TrustCause.resumed);
    } else if (wayOut === 'next-proof') {
      this.request(this.cause);
    }
  }

  /** Asks for a fresh snapshot before the best reaches the edge of the present one; the book stands meanwhile. */
  private renew(): void {
    if (!this.renewing) {
      this.renewing = true;
      this.buffer.clear();
    }
    this.request(TrustCause.beyondSnapshot);
  }

  /** A snapshot that is older than all that is kept hangs on none of it, and is asked for again. */
  private keep(update: DepthUpdate, isReset: boolean): void {
    if (isReset) this.buffer.clear();
    this.buffer.push(update, KEPT_UPDATES);
  }

  private request(cause: TrustCause): void {
    if (this.requested) return;
    this.requested = true;
    this.wish = cause;
  }

  private tellWish(): void {
    const { wish } = this;
    if (wish === TrustCause.none) return;
    this.wish = TrustCause.none;
    if (this.wantSnapshot(wish) === false) this.requested = false;
  }
}
