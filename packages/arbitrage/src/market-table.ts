import { Quote, isTrusted, type InstrumentSpecification, type Row } from '@parallax/types';

const COLUMNS = [
  'bid', 'ask', 'trusted', 'changedAtUs', 'provenAtUs', 'updateId', 'connection', 'frame', 'receivedAtUs', 'fee', 'minimumBase',
] as const;
type Name = (typeof COLUMNS)[number];

/**
 * The last quote of every instrument in typed columns, prices as floats in quote currency. Of the quote and the depth
 * book's own best the worse one counts: a ticker that is ahead may deny an edge, never make one that no depth bears.
 * A float made from a decimal by one correctly rounded division is equal wherever the decimals are.
 */
export class MarketTable implements Record<Name, Float64Array> {
  bid = new Float64Array(64);
  ask = new Float64Array(64).fill(Number.POSITIVE_INFINITY);
  trusted = new Float64Array(64);
  changedAtUs = new Float64Array(64);
  provenAtUs = new Float64Array(64);
  updateId = new Float64Array(64);
  connection = new Float64Array(64);
  frame = new Float64Array(64);
  receivedAtUs = new Float64Array(64);
  /** Taker rate. */
  fee = new Float64Array(64);
  /** Smallest order in base units, not above the exact one. */
  minimumBase = new Float64Array(64);

  ensure(instrument: number): void {
    while (instrument >= this.bid.length) {
      for (const name of COLUMNS) {
        const larger = new Float64Array(this.bid.length === this[name].length ? this[name].length * 2 : this.bid.length);
        if (name === 'ask') larger.fill(Number.POSITIVE_INFINITY);
        larger.set(this[name]);
        this[name] = larger;
      }
    }
  }

  /** Takes a quote; returns whether it may be acted on. Prices of one that may not are left as they were. */
  take(instrument: number, quote: Row, specification: InstrumentSpecification): boolean {
    this.changedAtUs[instrument] = quote[Quote.changedAtUs];
    this.provenAtUs[instrument] = quote[Quote.provenAtUs];
    this.connection[instrument] = quote[Quote.connection];
    this.frame[instrument] = quote[Quote.frame];
    this.receivedAtUs[instrument] = quote[Quote.receivedAtUs];
    this.updateId[instrument] = quote[Quote.updateId];
    const usable = isTrusted(quote) && quote[Quote.specificationVersion] === specification.version;
    this.trusted[instrument] = usable ? 1 : 0;
    if (!usable) return false;
    const unit = 10 ** specification.priceScale;
    const depthBid = quote[Quote.depthBidPrice];
    const depthAsk = quote[Quote.depthAskPrice];
    this.bid[instrument] = (depthBid > 0 ? Math.min(quote[Quote.bidPrice], depthBid) : quote[Quote.bidPrice]) / unit;
    this.ask[instrument] = Math.max(quote[Quote.askPrice], depthAsk) / unit;
    return true;
  }

  withdraw(instrument: number): void {
    this.trusted[instrument] = 0;
  }
}
