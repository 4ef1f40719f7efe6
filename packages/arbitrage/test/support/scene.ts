import { Side } from '@parallax/book';
import {
  InstrumentTable,
  QUOTE_COLUMNS,
  Quote,
  RowKind,
  Trust,
  layoutOf,
  type InstrumentSpecification,
  type Opportunity,
  type Row,
} from '@parallax/types';
import { ArbitrageCore, type ArbitrageOptions, type NotTakenExample } from '../../src/index.js';

/** Levels as [price, size] integers at the instrument's scales, best first. */
export type Ladder = readonly (readonly [number, number])[];
export interface PlainBook {
  readonly bids: Ladder;
  readonly asks: Ladder;
}

export function spot(venue: string, given: Partial<InstrumentSpecification> = {}): InstrumentSpecification {
  const base = given.base ?? 'BTC';
  const quote = given.quote ?? 'USDT';
  return {
    venue, symbol: `${base}/${quote}`, venueSymbol: base + quote, base, quote, settle: quote, kind: 'spot', inverse: false,
    contractSize: '1', priceScale: 2, sizeScale: 3, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
    status: 'trading', version: 1, source: 'catalogue', ...given,
  };
}
export function swap(venue: string, given: Partial<InstrumentSpecification> = {}): InstrumentSpecification {
  const linear = spot(venue, given);
  const settle = given.inverse ? linear.base : linear.quote;
  return { ...linear, kind: 'swap', settle, symbol: `${linear.symbol}:${settle}`, ...given };
}

/** No fee, no minimum, no carry, no bound: what is left is the two books. */
export const FREE: Partial<ArbitrageOptions> = {
  fees: { default: '0' },
  minimumEdgeBps: 0,
  maximumNotional: '1000000000000',
  basis: {
    holdingUs: 0, fundingRate: { default: '0' }, fundingIntervalUs: 28_800_000_000, creditFunding: false,
    capitalRatePerYear: '0', borrowRatePerYear: '0',
  },
};

/** A core over books that the test sets; every book that is set is told as a quote at the scene's time. */
export class Scene {
  nowUs = 1_700_000_000_000_000;
  readonly instruments = new InstrumentTable();
  readonly told: Opportunity[] = [];
  readonly notTaken: NotTakenExample[] = [];
  readonly books = new Map<number, PlainBook>();
  readonly core: ArbitrageCore;
  private frame = 0;
  private readonly row: Row = new Float64Array(QUOTE_COLUMNS);

  constructor(options: Partial<ArbitrageOptions>, ...specifications: InstrumentSpecification[]) {
    for (const specification of specifications) this.instruments.add(specification);
    const depth = {
      top: (instrument: number, side: Side, prices: Float64Array, sizes: Float64Array): number => {
        const book = this.books.get(instrument);
        const ladder = (side === Side.bid ? book?.bids : book?.asks) ?? [];
        const count = Math.min(prices.length, ladder.length);
        for (let i = 0; i < count; i++) [prices[i], sizes[i]] = ladder[i];
        return count;
      },
    };
    const sink = {
      onOpportunity: (opportunity: Opportunity) => void this.told.push(opportunity),
      onNotTaken: (example: NotTakenExample) => void this.notTaken.push(example),
    };
    this.core = new ArbitrageCore(this.instruments, depth, sink, options);
  }

  set(instrument: number, book: PlainBook, quote: Partial<Record<keyof typeof Quote, number>> = {}): void {
    this.books.set(instrument, book);
    const [bid, ask] = [book.bids[0] ?? [0, 0], book.asks[0] ?? [0, 0]];
    const values: Partial<Record<keyof typeof Quote, number>> = {
      layout: layoutOf(RowKind.quote), connection: 100 + instrument, frame: ++this.frame, receivedAtUs: this.nowUs,
      specificationVersion: this.instruments.get(instrument).version, updateId: this.frame, trust: Trust.synced,
      changedAtUs: this.nowUs, provenAtUs: this.nowUs,
      bidPrice: bid[0], bidSize: bid[1], askPrice: ask[0], askSize: ask[1],
      depthBidPrice: bid[0], depthBidSize: bid[1], depthAskPrice: ask[0], depthAskSize: ask[1], ...quote,
    };
    this.row.fill(0);
    for (const [name, value] of Object.entries(values)) this.row[Quote[name as keyof typeof Quote]] = value;
    this.core.onQuote(instrument, this.row, this.nowUs);
  }

  /** Lets time pass, waking the core when it asks for it. */
  pass(us: number): void {
    const untilUs = this.nowUs + us;
    while (this.core.wakeAtUs <= untilUs) {
      this.nowUs = this.core.wakeAtUs;
      this.core.onWake(this.nowUs);
    }
    this.nowUs = untilUs;
  }

  get states(): string[] {
    return this.told.map((one) => (one.closeReason ? `${one.state}: ${one.closeReason}` : one.state));
  }
}
