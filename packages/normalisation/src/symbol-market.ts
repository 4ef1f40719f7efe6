import { Applied, BookKeeper, isChained, type DepthEnds, type DepthUpdate, type JoinRule } from '@parallax/book';
import { Quote, QUOTE_COLUMNS, RowKind, Trust, TrustCause, type InstrumentSpecification, type Row } from '@parallax/types';
import type { TickerUpdate, TradesUpdate } from '@parallax/venues';
import { BestQuote } from './best-quote.js';
import { Rhythm } from './rhythm.js';
import { GrowingRow, writeChange, writeHeader, writeKeyframe, writeTrades, type ChainState } from './row-writers.js';
import type { GuardedSink } from './guarded-sink.js';
import type { FrameOrigin } from './sink.js';
import { TickerRing } from './ticker-ring.js';

/** A connection of which nothing was heard of the symbol for so long does not keep it from another that carries it since. */
const MOVED_US = 10_000_000;
/** An unchanged quote is told again this often while its channel lives, so that readers can judge its age. */
const PROOF_INTERVAL_US = 200_000;
/** A book that has not come to a ticker's id after so long and so many changes never will. */
const BEHIND_US = 5_000_000;
const BEHIND_CHANGES = 20;

export interface SymbolCounters {
  frames: number;
  trades: number;
  quotes: number;
  tickersChecked: number;
  tickersFailed: number;
  /** Refused frames and entries that are known to be of this symbol, by reason. */
  readonly deadLetters: Map<string, number>;
}

/** All that is known of one symbol of one venue: its book, its one best quote, its rhythm; and the rows it emits. */
export class SymbolMarket {
  readonly keeper: BookKeeper;
  /** Of the book's own channel: trades and tickers that go on prove nothing of it. */
  readonly rhythm = new Rhythm();
  readonly counters: SymbolCounters = { frames: 0, trades: 0, quotes: 0, tickersChecked: 0, tickersFailed: 0, deadLetters: new Map() };
  readonly quote: BestQuote;
  /** The connection that the book comes on; the symbol's tickers and trades may come on others. -1 before the first update. */
  bookConnection = -1;
  /** The connection that trades come on, and when one came last. */
  tradesConnection = -1;
  private tradesAtUs = 0;
  private readonly bookRow = new GrowingRow();
  private readonly tradesRow = new GrowingRow();
  private readonly tickers = new TickerRing();
  private readonly depthLimit: number;
  /** Where the depth ended that was told. */
  private ends: DepthEnds = { bidEnd: -Infinity, askEnd: Infinity };
  private emittedAtUs = 0;
  /** An id to which a ticker moved the quote; since when, and by how many changes, the book has not come to it. */
  private awaitedId = 0;
  private awaitedSinceUs = 0;
  private behind = 0;
  private bookSequence = 0;
  private tradeSequence = 0;

  constructor(
    private readonly instrument: number,
    private readonly rule: JoinRule,
    readonly specification: InstrumentSpecification,
    private readonly sink: GuardedSink,
  ) {
    this.keeper = new BookKeeper(rule, specification, (cause) => sink.onSnapshotWanted(instrument, cause), this.tickers);
    this.quote = new BestQuote(specification.version);
    this.quote.row[Quote.cause] = this.keeper.cause;
    this.depthLimit = rule.depthLimit ?? 0;
  }

  onDepth(update: DepthUpdate, origin: FrameOrigin, verify: boolean): void {
    this.counters.frames++;
    this.bookConnection = origin.connection;
    const { keeper, quote } = this;
    const before = keeper.trust;
    const applied = keeper.apply(update, verify);
    // What the book contains already says nothing of how it stands now.
    if (applied !== Applied.ignored) this.rhythm.prove(origin.receivedAtUs);
    if (applied === Applied.ignored || applied === Applied.buffered) {
      if (keeper.cause !== quote.row[Quote.cause] || before !== keeper.trust) this.tellTrust(origin);
      return;
    }
    if (applied === Applied.changed && keeper.trust === Trust.synced) {
      this.compareWithTicker();
      this.followTicker(origin.receivedAtUs);
    }
    if (keeper.trust !== before || keeper.trust === Trust.resyncing) {
      // Who follows the book misses nothing of it, trusted or not.
      if (keeper.trust !== Trust.resyncing) this.tellBook(update, origin);
      return this.tellTrust(origin);
    }
    this.tellBook(update, origin);
    const adopts = quote.isReachedBy(keeper.lastId);
    let moved = quote.noteDepth(keeper.book, keeper.known, keeper.lastId);
    // A depth frame may take back what a ticker moved, its own best unchanged: that is a move as well.
    if (adopts && quote.adoptDepth(origin.receivedAtUs)) moved = true;
    if (moved || origin.receivedAtUs - this.emittedAtUs >= PROOF_INTERVAL_US) this.tellQuote(origin, update.exchangeAtUs);
  }

  /**
   * Whether an update of another connection than the book's own is for this book. While the own one lives, that is a snapshot,
   * or the very next change by its ids: two connections may carry the same for a while, one some way behind the other. Where
   * the own one is gone, or says nothing of this book any more, ids show what is missing; without them only the other's own snapshot makes it a book again.
   */
  admits(update: DepthUpdate, origin: FrameOrigin, ownLives: boolean): boolean {
    if (update.snapshot) return true;
    const chained = isChained(this.rule, update);
    const hasMoved = chained && origin.receivedAtUs - this.rhythm.provenAtUs >= MOVED_US;
    if (ownLives && !hasMoved) return this.keeper.continues(update);
    if (this.keeper.trust !== Trust.resyncing && !chained) this.fault(TrustCause.connectionLost, origin);
    return true;
  }

  onTicker(update: TickerUpdate, origin: FrameOrigin): void {
    this.counters.frames++;
    const { keeper } = this;
    // Without an id a ticker cannot be ordered against the depth channel.
    if (update.updateId === 0) return;
    this.tickers.add(update.updateId, update.bidPrice, update.bidSize, update.askPrice, update.askSize);
    if (keeper.trust !== Trust.synced) return;
    if (update.updateId === keeper.lastId) {
      this.compareWithTicker();
      if (keeper.trust !== (Trust.synced as Trust)) return this.tellTrust(origin);
    }
    const moved = this.quote.adoptTicker(update, origin.receivedAtUs);
    if (moved || origin.receivedAtUs - this.emittedAtUs >= PROOF_INTERVAL_US) this.tellQuote(origin, update.exchangeAtUs);
  }

  /** Whether trades of another connection than the own one are told: what two carry for a while is told once. */
  admitsTrades(origin: FrameOrigin, ownLives: boolean): boolean {
    return !ownLives || origin.receivedAtUs - this.tradesAtUs >= MOVED_US;
  }

  onTrades(update: TradesUpdate, origin: FrameOrigin): void {
    this.counters.frames++;
    this.tradesConnection = origin.connection;
    this.tradesAtUs = origin.receivedAtUs;
    if (update.snapshot || update.count === 0) return;
    this.counters.trades += update.count;
    const columns = writeTrades(this.tradesRow, update);
    const { row } = this.tradesRow;
    writeHeader(row, RowKind.trades, origin, update.exchangeAtUs[0], ++this.tradeSequence, this.specification.version);
    this.sink.onTrades(this.instrument, row, columns);
  }

  /** Moves trust for a reason outside the book itself and tells it. */
  fault(cause: TrustCause, origin: FrameOrigin): void {
    const before = this.keeper.trust;
    this.keeper.fault(cause);
    if (this.keeper.trust !== before || this.keeper.cause !== this.quote.row[Quote.cause]) this.tellTrust(origin);
  }

  /** The whole book as a row that is valid until the next call, for readers who join late. */
  keyframe(origin: FrameOrigin): { row: Row; columns: number } {
    const { book, known } = this.keeper;
    const columns = writeKeyframe(this.bookRow, book, known, this.chain(0, this.bookSequence));
    writeHeader(this.bookRow.row, RowKind.book, origin, 0, this.bookSequence, this.specification.version);
    return { row: this.bookRow.row, columns };
  }

  private compareWithTicker(): void {
    const { keeper } = this;
    const { book } = keeper;
    const agrees = this.tickers.agrees(keeper.lastId, book.bestBidPrice, book.bestBidSize, book.bestAskPrice, book.bestAskSize);
    if (agrees === undefined) return;
    this.counters.tickersChecked++;
    if (!agrees) this.disagree();
  }

  /** A ticker may be ahead of the book, which comes to its id soon; where it does not, one of both is not of this moment. */
  private followTicker(nowUs: number): void {
    const { keeper, quote } = this;
    if (quote.isReachedBy(keeper.lastId) || keeper.lastId >= this.awaitedId) {
      this.awaitedId = quote.row[Quote.updateId];
      this.awaitedSinceUs = nowUs;
      this.behind = 0;
    } else if (++this.behind >= BEHIND_CHANGES && nowUs - this.awaitedSinceUs >= BEHIND_US) {
      this.behind = 0;
      this.disagree();
    }
  }

  private disagree(): void {
    this.counters.tickersFailed++;
    this.tickers.clear();
    this.keeper.fault(TrustCause.tickerDisagrees);
  }

  private tellTrust(origin: FrameOrigin): void {
    const { quote, keeper } = this;
    const adopts = keeper.trust === Trust.resyncing || quote.isReachedBy(keeper.lastId);
    quote.noteDepth(keeper.book, keeper.known, keeper.lastId);
    if (adopts) quote.adoptDepth(origin.receivedAtUs);
    this.tellQuote(origin, 0);
    this.sink.onTrust(this.instrument, keeper.trust, keeper.cause, origin.receivedAtUs);
  }

  private tellQuote(origin: FrameOrigin, exchangeAtUs: number): void {
    const { row } = this.quote;
    row[Quote.connection] = origin.connection;
    row[Quote.frame] = origin.frame;
    row[Quote.receivedAtUs] = origin.receivedAtUs;
    row[Quote.exchangeAtUs] = exchangeAtUs;
    row[Quote.sequence]++;
    row[Quote.epoch] = origin.epoch;
    row[Quote.trust] = this.keeper.trust;
    row[Quote.cause] = this.keeper.cause;
    row[Quote.provenAtUs] = this.rhythm.provenAtUs;
    this.emittedAtUs = origin.receivedAtUs;
    this.counters.quotes++;
    this.sink.onQuote(this.instrument, row, QUOTE_COLUMNS);
  }

  /**
   * Tells a change, or the whole book: after a snapshot, into which buffered updates may have gone, and where the end of the depth
   * moved (see KnownDepth). Levels behind an end are not told: nobody may walk to them.
   */
  private tellBook(update: DepthUpdate, origin: FrameOrigin): void {
    // Beyond whatever an earlier writer told of this book, so that nobody takes the newer chain for an older one.
    if (this.bookSequence === 0) this.bookSequence = origin.receivedAtUs;
    const chain = this.chain(update.firstId, this.bookSequence++);
    const { book, known } = this.keeper;
    const isMoved = known.bidEnd !== this.ends.bidEnd || known.askEnd !== this.ends.askEnd;
    if (isMoved) this.ends = { bidEnd: known.bidEnd, askEnd: known.askEnd };
    const columns = update.snapshot || isMoved
      ? writeKeyframe(this.bookRow, book, known, chain)
      : writeChange(this.bookRow, update, known, chain);
    const { row } = this.bookRow;
    writeHeader(row, RowKind.book, origin, update.exchangeAtUs, this.bookSequence, this.specification.version);
    this.sink.onBook(this.instrument, row, columns);
  }

  /** Readers chain by our own sequence: it holds for venues without ids as well. */
  private chain(firstId: number, previousId: number): ChainState {
    const { keeper, depthLimit } = this;
    return { firstId, chainId: this.bookSequence, previousId, trust: keeper.trust, cause: keeper.cause, depthLimit };
  }
}
