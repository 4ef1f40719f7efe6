import {
  Quote,
  type InstrumentTable,
  type NotTakenReason,
  type Opportunity,
  type OpportunityCloseReason,
  type QuoteCore,
  type Row,
  type WakingCore,
} from '@parallax/types';
import { Assessor, type Assessment } from './assessment.js';
import { CostModel } from './costs.js';
import type { DepthSource } from './depth-source.js';
import { Fact, MarketTable } from './market-table.js';
import { NotTakenBook, type NotTakenExample } from './not-taken.js';
import { OpenBook, type OpenOpportunity } from './open-book.js';
import { Narrator } from './narrator.js';
import { arbitrageOptions, type ArbitrageOptions } from './options.js';
import { PARTNER_COLUMNS, PairKind, PairTable, Partner } from './pair-table.js';
import { TopEdge } from './top-edge.js';

/** The sieve of floats lets pass what only their rounding puts below the minimum; in basis points. */
const SIEVE_SLACK_BPS = 1e-6;

export interface ArbitrageSink {
  onOpportunity(opportunity: Opportunity): void;
  /** Told when a pair is not taken for another reason than the last time. */
  onNotTaken?(example: NotTakenExample): void;
}

/**
 * Sees where prices disagree. A quote is held against every counterpart of its base and quote currency in floats; where
 * an edge is left after all costs, both books are walked exactly. A lasting edge is one opportunity with a life.
 */
export class ArbitrageCore implements QuoteCore, WakingCore {
  wakeAtUs = Number.POSITIVE_INFINITY;
  private readonly options: ArbitrageOptions;
  private readonly market = new MarketTable();
  private readonly pairs: PairTable;
  private readonly costs: CostModel;
  private readonly top: TopEdge;
  private readonly carry: number[] = [];
  private readonly notTakenBook: NotTakenBook;
  private readonly assessor: Assessor;
  private readonly narrator: Narrator;
  private readonly opened = new OpenBook();
  private readonly restsUntilUs = new Map<number, number>();
  private readonly joined: boolean[] = [];

  constructor(
    private readonly instruments: InstrumentTable,
    depth: DepthSource,
    private readonly sink: ArbitrageSink,
    given: Partial<ArbitrageOptions> = {},
  ) {
    this.options = arbitrageOptions(given);
    this.costs = new CostModel(this.options);
    this.pairs = new PairTable(instruments, () => this.notTakenBook.count('currency-differs'));
    this.notTakenBook = new NotTakenBook(instruments, this.pairs);
    this.top = new TopEdge(this.market, this.carry);
    this.assessor = new Assessor(instruments, this.market, this.pairs, depth, this.costs, this.options);
    this.narrator = new Narrator(instruments, this.market, this.costs, this.options);
  }

  /** Open opportunities as they were told last. */
  get open(): Opportunity[] {
    return [...this.opened.all].map(({ told }) => told);
  }
  /** What was not taken: counted by reason, and the last case of every pair and direction. */
  get notTaken(): { readonly counts: Readonly<Record<NotTakenReason, number>>; readonly examples: readonly NotTakenExample[] } {
    const book = this.notTakenBook;
    return {
      counts: book.counts,
      get examples() {
        return book.examples();
      },
    };
  }

  onQuote(instrument: number, quote: Row, nowUs: number): void {
    if (!this.joined[instrument]) this.join(instrument);
    const { market } = this;
    // A version other than the known one: the table may have a newer specification than it had.
    if (quote[Quote.specificationVersion] !== market.fact(instrument, Fact.version)) this.onInstrument(instrument, nowUs);
    if (!market.take(instrument, quote, nowUs)) {
      this.closeAll(instrument, 'quote-untrusted', nowUs);
      return;
    }
    const open = this.opened.of(instrument);
    // Backwards, because a review may close what it looks at.
    if (open) for (let i = open.length - 1; i >= 0; i--) this.review(open[i], nowUs);
    const partners = this.pairs.partnersOf(instrument);
    const { bid, ask } = market;
    const bidHere = bid[instrument];
    const askHere = ask[instrument];
    for (let i = 0; i < partners.length; i += PARTNER_COLUMNS) {
      const other = partners[i + Partner.instrument];
      if (bid[other] > askHere) {
        this.consider(partners[i + Partner.buyHere], instrument, other, partners[i + Partner.kind], instrument, nowUs);
      }
      if (bidHere > ask[other]) {
        this.consider(partners[i + Partner.buyThere], other, instrument, partners[i + Partner.kind], instrument, nowUs);
      }
    }
  }

  onWake(nowUs: number): void {
    if (nowUs < this.wakeAtUs) return;
    this.wakeAtUs = Number.POSITIVE_INFINITY;
    for (const one of this.opened.all) {
      const expiresAtUs = Math.min(this.expiryOf(one.buy), this.expiryOf(one.sell));
      if (expiresAtUs <= nowUs) this.close(one, 'quote-too-old', nowUs);
      else this.wakeAtUs = Math.min(this.wakeAtUs, expiresAtUs);
    }
  }

  /** The instrument's specification changed in the table: steps, scales, status. */
  onInstrument(instrument: number, nowUs: number): void {
    if (!this.joined[instrument]) return;
    this.measure(instrument);
    this.closeAll(instrument, this.halted(instrument) ? 'instrument-halted' : 'quote-untrusted', nowUs);
  }

  /** Closes what is open before the service ends. */
  shutdown(nowUs: number): void {
    for (const one of this.opened.all) this.close(one, 'shutdown', nowUs);
  }

  private consider(slot: number, buy: number, sell: number, kind: number, trigger: number, nowUs: number): void {
    if (this.opened.any(trigger) && this.opened.at(slot)) return;
    const { top } = this;
    top.compute(slot, buy, sell, kind);
    if (top.eatenBy) return this.leave(slot, top.eatenBy, nowUs);
    if (top.netBps < this.options.minimumEdgeBps - SIEVE_SLACK_BPS) return this.leave(slot, 'edge-below-minimum', nowUs);
    const untrusted = this.untrusted(buy) || this.untrusted(sell) || this.halted(buy) || this.halted(sell);
    if (untrusted) return this.leave(slot, 'quote-untrusted', nowUs);
    if (this.expiryOf(buy) <= nowUs || this.expiryOf(sell) <= nowUs) return this.leave(slot, 'quote-too-old', nowUs);
    const restsUntilUs = this.options.reopenAfterUs > 0 ? this.restsUntilUs.get(slot) : undefined;
    if (restsUntilUs !== undefined && nowUs < restsUntilUs) return;
    const assessment = this.assessor.assess(slot, this.options.minimumEdgeBps, this.carry[slot]);
    if (typeof assessment === 'string') return this.leave(slot, assessment, nowUs);
    const told = this.narrator.opened(kind as PairKind, buy, sell, trigger, assessment, nowUs);
    const topEdgeBps = top.netBps;
    this.opened.add({ slot, buy, sell, told, toldEdgeBps: assessment.netEdgeBps, holdsMinimum: true, topEdgeBps, computedAtUs: nowUs });
    this.notTakenBook.taken(slot);
    this.wakeAtUs = Math.min(this.wakeAtUs, this.expiryOf(buy), this.expiryOf(sell));
    this.sink.onOpportunity(told);
  }

  private review(one: OpenOpportunity, nowUs: number): void {
    const { slot, buy, sell } = one;
    const { updateEdgeBps, updateIntervalUs, reviewIntervalUs, closeEdgeBps } = this.options;
    if (this.untrusted(buy) || this.untrusted(sell)) return this.close(one, 'quote-untrusted', nowUs);
    if (this.expiryOf(buy) <= nowUs || this.expiryOf(sell) <= nowUs) return this.close(one, 'quote-too-old', nowUs);
    this.top.compute(slot, buy, sell, this.pairs.kind[slot]);
    const edgeBps = this.top.netBps;
    if (this.top.gross <= 0 || edgeBps <= 0 || edgeBps < closeEdgeBps) return this.close(one, 'edge-gone', nowUs);
    const sinceUs = nowUs - one.computedAtUs;
    const moved = Math.abs(edgeBps - one.topEdgeBps) >= updateEdgeBps && sinceUs >= updateIntervalUs;
    if (!moved && sinceUs < reviewIntervalUs) return;
    const held = this.assessAtMinimum(slot);
    const assessment = held ?? this.assessor.assess(slot, closeEdgeBps, this.carry[slot]);
    if (typeof assessment === 'string') {
      const gone = assessment === 'slippage' || assessment === 'edge-below-minimum';
      return this.close(one, gone ? 'edge-gone' : 'depth-gone', nowUs);
    }
    one.computedAtUs = nowUs;
    one.topEdgeBps = edgeBps;
    const holdsMinimum = held !== null;
    if (Math.abs(assessment.netEdgeBps - one.toldEdgeBps) < updateEdgeBps && holdsMinimum === one.holdsMinimum) return;
    one.toldEdgeBps = assessment.netEdgeBps;
    one.holdsMinimum = holdsMinimum;
    one.told = this.narrator.updated(one, assessment, nowUs);
    this.sink.onOpportunity(one.told);
  }

  /** What an open one brings at the size that holds the minimum edge; null where none does, so that it is there to be shown only. */
  private assessAtMinimum(slot: number): Assessment | null {
    const { minimumEdgeBps } = this.options;
    if (this.top.netBps < minimumEdgeBps - SIEVE_SLACK_BPS) return null;
    const assessment = this.assessor.assess(slot, minimumEdgeBps, this.carry[slot]);
    return typeof assessment === 'string' ? null : assessment;
  }

  private leave(slot: number, reason: NotTakenReason, nowUs: number): void {
    const differs = this.notTakenBook.note(slot, reason, this.top.grossBps, this.top.netBps, nowUs);
    if (!differs || !this.sink.onNotTaken) return;
    const example = this.notTakenBook.example(slot);
    if (example) this.sink.onNotTaken(example);
  }

  private close(one: OpenOpportunity, reason: OpportunityCloseReason, nowUs: number): void {
    this.opened.remove(one);
    if (this.options.reopenAfterUs > 0) this.restsUntilUs.set(one.slot, nowUs + this.options.reopenAfterUs);
    this.sink.onOpportunity(this.narrator.closed(one, reason, nowUs));
  }

  private closeAll(instrument: number, reason: OpportunityCloseReason, nowUs: number): void {
    const open = this.opened.of(instrument);
    if (open) for (let i = open.length - 1; i >= 0; i--) this.close(open[i], reason, nowUs);
  }

  /** First moment at which the instrument's last quote is too old. */
  private expiryOf(instrument: number): number {
    const { market, options } = this;
    return 1 + Math.min(
      market.fact(instrument, Fact.changedAtUs) + options.quoteMaximumAgeUs,
      market.fact(instrument, Fact.provenAtUs) + options.proofMaximumAgeUs,
    );
  }

  private untrusted(instrument: number): boolean {
    return this.market.fact(instrument, Fact.trusted) === 0;
  }

  private halted(instrument: number): boolean {
    // Risk allows nothing else: what nobody knows to trade does not.
    return this.instruments.get(instrument).status !== 'trading';
  }

  private join(instrument: number): void {
    while (this.joined.length <= instrument) this.joined.push(false);
    this.joined[instrument] = true;
    this.measure(instrument);
    this.pairs.join(instrument);
    for (let slot = this.carry.length; slot < this.pairs.slots; slot++) {
      this.carry.push(this.pairs.kind[slot] === PairKind.basis ? this.carryShareOf(slot) : 0);
    }
  }

  private carryShareOf(slot: number): number {
    const carry = this.costs.carryOf(this.instruments.get(this.pairs.buy[slot]), this.instruments.get(this.pairs.sell[slot]));
    return carry.funding.add(carry.inventory).toNumber();
  }

  private measure(instrument: number): void {
    const specification = this.instruments.get(instrument);
    const { minimumSize, sizeStep, sizeScale, contractSize, inverse } = specification;
    this.market.describe(instrument, specification);
    this.market.fee[instrument] = this.costs.feeOf(specification).toNumber();
    const smallest = (Math.max(minimumSize, sizeStep) / 10 ** sizeScale) * Number(contractSize);
    this.market.minimumBase[instrument] = inverse ? 0 : smallest;
  }
}
