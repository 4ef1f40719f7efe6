import { Money, moneyFromScaled } from '@parallax/money';
import { isTrusted, Quote, type InstrumentSpecification, type InstrumentTable, type Row } from '@parallax/types';

export interface Mark {
  readonly price: Money;
  /** `okx:BTC/USDT` */
  readonly by: string;
}

/** Says what base currencies are worth now, by quotes that are trusted and fresh. */
export class Marks {
  constructor(
    private readonly instruments: InstrumentTable,
    /** The quote of an instrument, where it is fresh. */
    private readonly freshQuote: (instrument: number, nowUs: number) => Row | undefined,
  ) {}

  /**
   * The middle at the instrument itself, else at the first other one of the same base and quote currency that has a quote
   * to believe. Null: nothing is known, which is not a price of 0.
   */
  markOf(venue: string, symbol: string, nowUs: number): Mark | null {
    const own = this.instruments.find(venue, symbol);
    if (own < 0) return null;
    const { base, quote } = this.instruments.get(own);
    const mark = this.middleOf(own, nowUs);
    if (mark) return mark;
    for (let number = 0; number < this.instruments.size; number++) {
      const other = this.instruments.get(number);
      if (number === own || other.base !== base || other.quote !== quote) continue;
      const found = this.middleOf(number, nowUs);
      if (found) return found;
    }
    return null;
  }

  private middleOf(number: number, nowUs: number): Mark | null {
    const quote = this.freshQuote(number, nowUs);
    const specification = this.instruments.get(number);
    if (!quote || !isTrusted(quote) || quote[Quote.specificationVersion] !== specification.version) return null;
    return { price: middle(quote, specification), by: `${specification.venue}:${specification.symbol}` };
  }
}

const HALF = new Money('0.5');
const middle = (quote: Row, { priceScale }: InstrumentSpecification): Money =>
  moneyFromScaled(quote[Quote.bidPrice], priceScale).plus(moneyFromScaled(quote[Quote.askPrice], priceScale)).times(HALF);
