import { Side, type Book } from '@parallax/book';
import {
  BOOK_COLUMNS, BookChange, Quote, Trade, TRADE_COLUMNS, Trades, TRADES_COLUMNS, Trust, type InstrumentSpecification, type Row,
} from '@parallax/types';
import { Lifetime, MatchRefusal, type MatchSink, type OrderSide, type TakenLevel } from './matching-terms.js';
import type { QueueModel } from './queue-model.js';
import { FRONT_UNKNOWN, RestingOrders } from './resting-orders.js';
import { TakenLevels } from './taken-levels.js';

export interface MatchingOptions {
  readonly queue: QueueModel;
  /** `books`: depth comes by onBook. `quotes`: the best quote is all there is, and stands for the whole book. */
  readonly depth: 'books' | 'quotes';
}

/**
 * Matches our orders of one instrument against a market that does not know of them. Integers at the instrument's scales.
 *
 * An arriving order takes what is visible up to its limit, at the levels' own prices, less what we took before (see
 * TakenLevels). A resting order waits behind the size that stood at its price; it fills at its own price when trades
 * reach past its front, when a trade happens at a worse price (that size would have met ours first), or when the other
 * side's visible size comes to stand at or through its price. Each fill is bounded by the size that was traded or shown.
 * Our orders are too small to move the market and do not meet each other.
 */
export class MatchingEngine {
  /** Changes that did not follow the one before, and rows of another version of the specification. */
  gaps = 0;
  otherVersions = 0;
  private readonly buys: RestingOrders;
  private readonly sells: RestingOrders;
  private readonly takenBids = new TakenLevels(-1);
  private readonly takenAsks = new TakenLevels(1);
  private prices = new Float64Array(64);
  private sizes = new Float64Array(64);
  private trusted = false;
  private chainId = -1;
  private chained = false;

  constructor(
    readonly specification: InstrumentSpecification,
    readonly book: Book,
    private readonly options: MatchingOptions,
    private readonly sink: MatchSink,
  ) {
    this.buys = new RestingOrders(options.queue);
    this.sells = new RestingOrders(options.queue);
  }

  /** False until a keyframe came and whenever the chain broke since: ask for one. */
  get hasBook(): boolean {
    return this.chained;
  }

  /** Whether arriving orders can be matched: the book is whole and its writer trusts it. */
  get ready(): boolean {
    return this.chained && this.trusted;
  }

  get restingCount(): number {
    return this.buys.count + this.sells.count;
  }

  onBook(change: Row, nowUs: number): void {
    if (this.options.depth !== 'books' || !this.sameVersion(change)) return;
    const whole = change[BookChange.keyframe] === 1;
    if (!whole && (!this.chained || change[BookChange.previousId] !== this.chainId)) {
      if (this.chained) this.gaps++;
      this.chained = false;
      return;
    }
    this.chained = true;
    this.chainId = change[BookChange.lastId];
    this.trusted = change[BookChange.trust] === Trust.synced;
    if (whole) this.book.clear();
    const bidCount = change[BookChange.bidCount];
    const bidsEnd = BOOK_COLUMNS + bidCount * 2;
    const asksEnd = bidsEnd + change[BookChange.askCount] * 2;
    const watched = !whole && this.buys.count + this.sells.count + this.takenBids.count + this.takenAsks.count > 0;
    for (let at = BOOK_COLUMNS; at < bidsEnd; at += 2) {
      this.book.set(Side.bid, change[at], change[at + 1]);
      if (watched) this.onLevel(this.buys, this.takenBids, 1, change[at], change[at + 1]);
    }
    for (let at = bidsEnd; at < asksEnd; at += 2) {
      this.book.set(Side.ask, change[at], change[at + 1]);
      if (watched) this.onLevel(this.sells, this.takenAsks, -1, change[at], change[at + 1]);
    }
    if (whole) this.onWholeBook();
    this.matchCrossed(nowUs);
  }

  onQuote(quote: Row, nowUs: number): void {
    if (!this.sameVersion(quote)) return;
    this.trusted = quote[Quote.trust] === Trust.synced;
    if (this.options.depth !== 'quotes') return;
    this.chained = true;
    this.book.clear();
    if (quote[Quote.bidPrice] > 0) this.book.set(Side.bid, quote[Quote.bidPrice], quote[Quote.bidSize]);
    if (quote[Quote.askPrice] > 0) this.book.set(Side.ask, quote[Quote.askPrice], quote[Quote.askSize]);
    this.onWholeBook();
    this.matchCrossed(nowUs);
  }

  onTrades(trades: Row, nowUs: number): void {
    if (this.buys.count + this.sells.count === 0 || !this.sameVersion(trades)) return;
    const end = TRADES_COLUMNS + trades[Trades.count] * TRADE_COLUMNS;
    for (let at = TRADES_COLUMNS; at < end; at += TRADE_COLUMNS) {
      const side: OrderSide = trades[at + Trade.side] < 0 ? 1 : -1;
      this.onTrade(side, trades[at + Trade.price], trades[at + Trade.size], nowUs);
    }
  }

  /**
   * An order arrives at the venue. Ends in a refusal, or in fills followed by onFilled, onResting or onExpired. At most
   * `reach` of it meets what is visible.
   */
  submit(order: number, side: OrderSide, price: number, size: number, lifetime: Lifetime, nowUs: number, reach = size): void {
    const refusal = this.refusalOf(side, price, size, lifetime);
    if (refusal >= 0) return this.sink.onRefused(order, refusal as MatchRefusal, nowUs);
    const remaining = size - (reach === 0 ? 0 : this.take(order, side, price, reach, 0, nowUs));
    if (remaining === 0) return this.sink.onFilled(order, nowUs);
    if (lifetime === Lifetime.immediateOrCancel) return this.sink.onExpired(order, remaining, nowUs);
    const visible = this.toldSize(side, price);
    this.resting(side).add(order, price * side, remaining, visible, Math.max(0, visible));
    this.sink.onResting(order, remaining, nowUs);
  }

  /** Puts an order back that rested before a restart; it queues behind all that is there when its level is next seen. */
  restore(order: number, side: OrderSide, price: number, remaining: number): void {
    this.resting(side).add(order, price * side, remaining, FRONT_UNKNOWN, 0);
  }

  /** What is taken of the visible levels at this moment. */
  taken(): TakenLevel[] {
    return [...this.takenBids.all(), ...this.takenAsks.all()];
  }

  /** Takes back what was taken before a restart, before the first keyframe: where the level shows the same, it still is. */
  restoreTaken({ side, price, size, visible }: TakenLevel): void {
    (side === 1 ? this.takenAsks : this.takenBids).take(price, size, visible);
  }

  /** False when no such order rests. */
  cancel(order: number, nowUs: number): boolean {
    for (const resting of [this.buys, this.sells]) {
      const at = resting.indexOf(order);
      if (at < 0) continue;
      const remaining = resting.remaining[at];
      resting.removeAt(at);
      this.sink.onCancelled(order, remaining, nowUs);
      return true;
    }
    return false;
  }

  /** Size estimated to stand before a resting order; -1 when unknown, NaN when it does not rest. */
  frontOf(order: number): number {
    for (const resting of [this.buys, this.sells]) {
      const at = resting.indexOf(order);
      if (at >= 0) return resting.fronts[at];
    }
    return Number.NaN;
  }

  private refusalOf(side: OrderSide, price: number, size: number, lifetime: Lifetime): number {
    const { priceStep, sizeStep, minimumSize, status } = this.specification;
    if (!Number.isSafeInteger(price) || price <= 0 || price % priceStep !== 0) return MatchRefusal.priceStep;
    if (!Number.isSafeInteger(size) || size <= 0 || size % sizeStep !== 0) return MatchRefusal.sizeStep;
    if (size < minimumSize) return MatchRefusal.belowMinimumSize;
    if (status === 'halted' || status === 'cancel-only') return MatchRefusal.notTrading;
    if (!this.ready) return MatchRefusal.marketUnknown;
    if (lifetime === Lifetime.postOnly || status === 'post-only') {
      const best = side === 1 ? this.book.bestAskPrice : this.book.bestBidPrice;
      if (best > 0 && price * side >= best * side) return MatchRefusal.wouldMatch;
    }
    return -1;
  }

  /**
   * Takes up to `size` of the other side's visible depth at `limit` or better; returns how much it was. `ownPrice` 0 fills
   * at the levels' prices as a taker, else at that price as the maker who waited there.
   */
  private take(order: number, side: OrderSide, limit: number, size: number, ownPrice: number, nowUs: number): number {
    const bookSide = side === 1 ? Side.ask : Side.bid;
    const taken = side === 1 ? this.takenAsks : this.takenBids;
    let filled = 0;
    let done = 0;
    for (;;) {
      const found = this.book.top(bookSide, this.prices, this.sizes);
      for (; done < found; done++) {
        const price = this.prices[done];
        if (price * side > limit * side) return filled;
        const visible = this.sizes[done];
        const fill = Math.min(size - filled, visible - (taken.count === 0 ? 0 : taken.takenAt(price)));
        if (fill <= 0) continue;
        this.sink.onTaken(order, taken.take(price, fill, visible));
        filled += fill;
        this.sink.onFill(order, ownPrice === 0 ? price : ownPrice, fill, ownPrice !== 0, nowUs);
        if (filled === size) return filled;
      }
      if (found < this.prices.length) return filled;
      this.prices = new Float64Array(this.prices.length * 4);
      this.sizes = new Float64Array(this.prices.length);
    }
  }

  private onLevel(resting: RestingOrders, taken: TakenLevels, side: OrderSide, price: number, size: number): void {
    if (resting.count > 0) resting.onLevel(price * side, size);
    if (taken.count > 0) taken.onLevel(price, size);
  }

  private onWholeBook(): void {
    if (this.takenBids.count > 0) this.takenBids.onWholeBook((price) => this.book.sizeAt(Side.bid, price));
    if (this.takenAsks.count > 0) this.takenAsks.onWholeBook((price) => this.book.sizeAt(Side.ask, price));
    if (this.buys.count > 0) this.buys.onWholeBook((rank) => this.toldSize(1, rank));
    if (this.sells.count > 0) this.sells.onWholeBook((rank) => this.toldSize(-1, -rank));
  }

  /** Size at a price of our own side; unknown behind the last level that is told: whether the market ends there nobody says. */
  private toldSize(side: OrderSide, price: number): number {
    const bookSide = side === 1 ? Side.bid : Side.ask;
    return price * side >= this.book.worstPrice(bookSide) * side ? this.book.sizeAt(bookSide, price) : FRONT_UNKNOWN;
  }

  /** The other side came to stand at or through our resting prices. */
  private matchCrossed(nowUs: number): void {
    if (!this.trusted) return;
    if (this.buys.count > 0 && this.book.bestAskPrice > 0) this.matchSide(this.buys, 1, this.book.bestAskPrice, nowUs);
    if (this.sells.count > 0 && this.book.bestBidPrice > 0) this.matchSide(this.sells, -1, -this.book.bestBidPrice, nowUs);
  }

  private matchSide(resting: RestingOrders, side: OrderSide, otherBest: number, nowUs: number): void {
    for (let i = 0; i < resting.count && resting.ranks[i] >= otherBest; ) {
      const price = resting.ranks[i] * side;
      const filled = this.take(resting.numbers[i], side, price, resting.remaining[i], price, nowUs);
      if (!this.reduce(resting, i, filled, nowUs)) i++;
    }
  }

  private onTrade(side: OrderSide, price: number, size: number, nowUs: number): void {
    const resting = this.resting(side);
    const rank = price * side;
    let left = size;
    for (let i = 0; i < resting.count && resting.ranks[i] >= rank; ) {
      const reached = resting.ranks[i] > rank ? left : resting.trade(i, size, left);
      const fill = Math.min(reached, resting.remaining[i]);
      if (fill > 0) {
        left -= fill;
        this.sink.onFill(resting.numbers[i], resting.ranks[i] * side, fill, true, nowUs);
        if (this.reduce(resting, i, fill, nowUs)) continue;
      }
      i++;
    }
  }

  /** Books a fill on a resting order; true when the order is complete and gone. */
  private reduce(resting: RestingOrders, at: number, filled: number, nowUs: number): boolean {
    resting.remaining[at] -= filled;
    if (resting.remaining[at] > 0) return false;
    const order = resting.numbers[at];
    resting.removeAt(at);
    this.sink.onFilled(order, nowUs);
    return true;
  }

  private resting(side: OrderSide): RestingOrders {
    return side === 1 ? this.buys : this.sells;
  }

  private sameVersion(row: Row): boolean {
    if (row[BookChange.specificationVersion] === this.specification.version) return true;
    this.otherVersions++;
    return false;
  }
}
