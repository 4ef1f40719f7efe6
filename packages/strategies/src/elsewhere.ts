import { isFresh, isTrusted, Quote, type InstrumentSpecification, type InstrumentTable, type Row } from '@parallax/types';

/** The newest trusted quotes, to find a third venue where a lacking leg could be had instead. */
export class Elsewhere {
  private readonly bids: number[] = [];
  private readonly asks: number[] = [];
  private readonly provenAtUs: number[] = [];

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly maximumAgeUs: number,
  ) {}

  note(instrument: number, quote: Row): void {
    const trusted = isTrusted(quote) && quote[Quote.specificationVersion] === this.instruments.get(instrument).version;
    const unit = 10 ** -this.instruments.get(instrument).priceScale;
    this.bids[instrument] = trusted ? quote[Quote.bidPrice] * unit : 0;
    this.asks[instrument] = trusted ? quote[Quote.askPrice] * unit : 0;
    this.provenAtUs[instrument] = quote[Quote.provenAtUs];
  }

  /** The spot instrument with the best price for `side` beside the ones that the plan uses already, or null. */
  best(base: string, quote: string, side: 'buy' | 'sell', used: readonly string[], nowUs: number): InstrumentSpecification | null {
    let best: InstrumentSpecification | null = null;
    let bestPrice = side === 'buy' ? Infinity : 0;
    for (const [instrument, specification] of this.instruments.all().entries()) {
      if (specification.kind !== 'spot' || specification.base !== base || specification.quote !== quote) continue;
      if (used.includes(specification.venue) || specification.status !== 'trading') continue;
      if (!isFresh(this.provenAtUs[instrument] ?? 0, this.maximumAgeUs, nowUs)) continue;
      const price = (side === 'buy' ? this.asks : this.bids)[instrument] ?? 0;
      if (price <= 0 || (side === 'buy' ? price >= bestPrice : price <= bestPrice)) continue;
      best = specification;
      bestPrice = price;
    }
    return best;
  }
}
