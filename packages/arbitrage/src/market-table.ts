import { ageUs, Quote, isTrusted, type InstrumentSpecification, type Row } from '@parallax/types';

/** Columns of an instrument's facts: eight floats side by side, so that a quote touches one line of memory. */
export const Fact = {
  trusted: 0, changedAtUs: 1, provenAtUs: 2, updateId: 3, connection: 4, frame: 5, receivedAtUs: 6,
  /** The specification's version that prices are read with. */
  version: 7,
} as const;
const FACTS = 8;

/**
 * The last quote of every instrument in typed columns, prices as floats in quote currency. Of the quote and the depth
 * book's own best the worse one counts: a ticker that is ahead may deny an edge, never make one that no depth bears.
 * A float made from a decimal by one correctly rounded division is equal wherever the decimals are.
 */
export class MarketTable {
  bid = new Float64Array(64);
  ask = new Float64Array(64).fill(Number.POSITIVE_INFINITY);
  /** Taker rate. */
  fee = new Float64Array(64);
  /** Smallest order in base units, not above the exact one. */
  minimumBase = new Float64Array(64);
  private facts = new Float64Array(64 * FACTS);
  private priceUnit = new Float64Array(64);

  /** Makes room for an instrument, or reads its changed specification; its last quote is not believed any more. */
  describe(instrument: number, specification: InstrumentSpecification): void {
    while (instrument >= this.bid.length) this.grow();
    this.facts[instrument * FACTS + Fact.version] = specification.version;
    this.facts[instrument * FACTS + Fact.trusted] = 0;
    this.priceUnit[instrument] = 10 ** specification.priceScale;
  }

  fact(instrument: number, column: number): number {
    return this.facts[instrument * FACTS + column];
  }

  /**
   * Takes a quote; returns whether it may be acted on. Prices of one that may not are left as they were. How old a quote of the
   * future is, is not known.
   */
  take(instrument: number, quote: Row, nowUs: number): boolean {
    const { facts } = this;
    const at = instrument * FACTS;
    const known = ageUs(quote[Quote.changedAtUs], nowUs) !== null && ageUs(quote[Quote.provenAtUs], nowUs) !== null;
    const usable = known && isTrusted(quote) && quote[Quote.specificationVersion] === facts[at + Fact.version];
    facts[at + Fact.trusted] = usable ? 1 : 0;
    facts[at + Fact.changedAtUs] = quote[Quote.changedAtUs];
    facts[at + Fact.provenAtUs] = quote[Quote.provenAtUs];
    facts[at + Fact.updateId] = quote[Quote.updateId];
    facts[at + Fact.connection] = quote[Quote.connection];
    facts[at + Fact.frame] = quote[Quote.frame];
    facts[at + Fact.receivedAtUs] = quote[Quote.receivedAtUs];
    if (!usable) return false;
    const unit = this.priceUnit[instrument];
    const depthBid = quote[Quote.depthBidPrice];
    const bid = quote[Quote.bidPrice];
    this.bid[instrument] = (depthBid > 0 && depthBid < bid ? depthBid : bid) / unit;
    this.ask[instrument] = Math.max(quote[Quote.askPrice], quote[Quote.depthAskPrice]) / unit;
    return true;
  }

  private grow(): void {
    const twice = (column: Float64Array, fill = 0): Float64Array<ArrayBuffer> => {
      const larger = new Float64Array(column.length * 2).fill(fill);
      larger.set(column);
      return larger;
    };
    this.bid = twice(this.bid);
    this.ask = twice(this.ask, Number.POSITIVE_INFINITY);
    this.fee = twice(this.fee);
    this.minimumBase = twice(this.minimumBase);
    this.facts = twice(this.facts);
    this.priceUnit = twice(this.priceUnit);
  }
}
