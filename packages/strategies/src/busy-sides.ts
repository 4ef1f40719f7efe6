import { isTrusted, Quote, type InstrumentTable, type Plan, type Row } from '@parallax/types';

type Leg = Pick<Plan['legs'][number], 'venue' | 'symbol' | 'side'>;

interface Busy {
  /** Whose plan is under way there; null: it has ended, and the book has shown no news of that side since. */
  intentId: string | null;
  /** Without news the side is free then; Infinity while the plan is under way. */
  untilUs: number;
}

/** Columns of an instrument's last trusted quote: price and size of each side. */
const COLUMNS = 4;
const columnOf = (side: 'buy' | 'sell'): number => (side === 'buy' ? 0 : 2);

/**
 * The sides of instruments on which plans of one account are under way, whichever strategy made them: what one of them will
 * take another must not count on. A side stays busy after the plan's end until its best price or size moves, so that nobody
 * acts on a level that is taken and still shown, or for a bounded time in a market that stands still.
 */
export class BusySides {
  private readonly sides = new Map<string, Busy>();
  private readonly last = new Map<number, Float64Array>();

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly restUs = 1_000_000,
  ) {}

  onQuote(instrument: number, quote: Row): void {
    if (!isTrusted(quote)) return;
    let last = this.last.get(instrument);
    if (!last) this.last.set(instrument, (last = new Float64Array(COLUMNS)));
    if (this.sides.size > 0) {
      if (last[0] !== quote[Quote.askPrice] || last[1] !== quote[Quote.askSize]) this.moved(instrument, 'buy');
      if (last[2] !== quote[Quote.bidPrice] || last[3] !== quote[Quote.bidSize]) this.moved(instrument, 'sell');
    }
    const ask = columnOf('buy');
    const bid = columnOf('sell');
    last[ask] = quote[Quote.askPrice];
    last[ask + 1] = quote[Quote.askSize];
    last[bid] = quote[Quote.bidPrice];
    last[bid + 1] = quote[Quote.bidSize];
  }

  /** Whether some leg would take what another plan is taking. */
  areBusy(legs: readonly Leg[], nowUs: number): boolean {
    return legs.some((leg) => nowUs < (this.sides.get(this.keyOf(leg))?.untilUs ?? -Infinity));
  }

  take(intentId: string, legs: readonly Leg[]): void {
    for (const leg of legs) this.sides.set(this.keyOf(leg), { intentId, untilUs: Infinity });
  }

  /** The plan is over; `traded` false: nothing of it was ever sent. */
  release(intentId: string, traded: boolean, nowUs: number): void {
    for (const [key, busy] of this.sides) {
      if (busy.intentId !== intentId) continue;
      if (traded) this.sides.set(key, { intentId: null, untilUs: nowUs + this.restUs });
      else this.sides.delete(key);
    }
  }

  private moved(instrument: number, side: 'buy' | 'sell'): void {
    const key = `${instrument} ${side}`;
    if (this.sides.get(key)?.intentId === null) this.sides.delete(key);
  }

  private keyOf({ venue, symbol, side }: Leg): string {
    return `${this.instruments.find(venue, symbol)} ${side}`;
  }
}
