import { InstrumentTable, QUOTE_COLUMNS, Quote, RowKind, Trust, layoutOf, type RegimeEvent, type Row } from '@parallax/types';
import { RegimeDetector } from '../../src/detector.js';
import type { RegimeOptions } from '../../src/options.js';

/** A detector over one instrument (`BTC/USD` of venue `test`, price scale 2) and every event it told. */
export class Market {
  readonly instruments = new InstrumentTable();
  readonly events: RegimeEvent[] = [];
  readonly detector: RegimeDetector;
  readonly instrument: number;
  private readonly row: Row = new Float64Array(QUOTE_COLUMNS);
  /** The specification's version that quotes carry. */
  version = 1;
  private frame = 0;

  constructor(options?: RegimeOptions) {
    this.instrument = this.instruments.add({
      venue: 'test', symbol: 'BTC/USD', venueSymbol: 'BTCUSD', base: 'BTC', quote: 'USD', settle: 'USD', kind: 'spot',
      inverse: false, contractSize: '1', priceScale: 2, sizeScale: 8, priceStep: 1, sizeStep: 1, minimumSize: 1,
      minimumNotional: '0', status: 'trading', version: 1, source: 'catalogue',
    });
    this.detector = new RegimeDetector(this.instruments, { onRegime: (event) => this.events.push(event) }, options);
  }

  /** Sends a quote around `mid`, waking the detector as a shell would on the way to `nowUs`. */
  quote(mid: number, nowUs: number, trust: number = Trust.synced): void {
    this.passTo(nowUs);
    const cents = Math.round(mid * 100);
    this.row.fill(0);
    this.row[Quote.layout] = layoutOf(RowKind.quote);
    this.row[Quote.connection] = 7;
    this.row[Quote.frame] = ++this.frame;
    this.row[Quote.receivedAtUs] = nowUs;
    this.row[Quote.specificationVersion] = this.version;
    this.row[Quote.bidPrice] = cents - 1;
    this.row[Quote.askPrice] = cents + 1;
    this.row[Quote.bidSize] = 1;
    this.row[Quote.askSize] = 1;
    this.row[Quote.trust] = trust;
    this.detector.onQuote(this.instrument, this.row, nowUs);
  }

  passTo(nowUs: number): void {
    while (this.detector.wakeAtUs <= nowUs) this.detector.onWake(this.detector.wakeAtUs);
  }

  /** The states in the order in which they were entered. */
  get entered(): string[] {
    return this.events.filter((event) => event.durationUs === 0).map((event) => event.regime);
  }
}
