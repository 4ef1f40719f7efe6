import type { InstrumentSpecification } from '@parallax/types';
import ccxt from 'ccxt';

interface CcxtBook {
  readonly bids: readonly (readonly number[])[];
  readonly asks: readonly (readonly number[])[];
  readonly cache: unknown[];
  nonce?: number;
  reset(snapshot: unknown): void;
}
/** The part of a ccxt pro class that is used here. */
interface CcxtExchange {
  readonly orderbooks: Record<string, CcxtBook>;
  readonly options: Record<string, unknown>;
  setMarkets(markets: unknown[]): void;
  safeMarketStructure(market: unknown): unknown;
  parseOrderBook(body: unknown, symbol: string): Record<string, unknown>;
  orderBook(snapshot?: unknown, depth?: number): CcxtBook;
  handleMessage(client: unknown, message: unknown): void;
}

/** ccxt pro's handleMessage without a socket: its markets, a client that resolves nothing, its books. */
export class CcxtReader {
  readonly exchange: CcxtExchange;
  failures = 0;
  private readonly client: Record<string, unknown>;

  constructor(id: string, url: string, instruments: readonly InstrumentSpecification[]) {
    const classes = (ccxt as unknown as { pro: Record<string, new (options: unknown) => CcxtExchange> }).pro;
    this.exchange = new classes[id]({ enableRateLimit: false, options: { watchOrderBook: { checksum: false } } });
    this.exchange.setMarkets(instruments.map((one) => this.exchange.safeMarketStructure({
      id: one.venueSymbol, symbol: one.symbol, base: one.base, quote: one.quote, settle: one.kind === 'spot' ? undefined : one.settle,
      baseId: one.base, quoteId: one.quote, type: one.kind, spot: one.kind === 'spot', swap: one.kind === 'swap', future: false,
      contract: one.kind !== 'spot', linear: one.kind !== 'spot' && !one.inverse, inverse: one.inverse, active: true,
      contractSize: Number(one.contractSize), info: { wsname: one.symbol }, precision: { price: 10 ** -one.priceScale, amount: 10 ** -one.sizeScale },
    })));
    const refuse = (): void => {
      this.failures++;
    };
    this.client = { url, resolve: () => {}, reject: refuse, subscriptions: {}, futures: {}, send: () => {}, onPong: () => {} };
  }

  read(message: unknown): void {
    this.exchange.handleMessage(this.client, message);
  }

  /** An empty book that keeps updates until {@link snapshot}. */
  await(symbol: string): void {
    this.exchange.orderbooks[symbol] = this.exchange.orderBook({}, 5000);
  }

  /** What ccxt does with the REST answer that it asked for: resets its book and goes through the updates it kept. */
  snapshot(symbol: string, body: { readonly lastUpdateId?: number }): void {
    const book = this.exchange.orderbooks[symbol];
    const kept = [...book.cache];
    book.cache.length = 0;
    book.reset({ ...this.exchange.parseOrderBook(body, symbol), nonce: body.lastUpdateId });
    for (const message of kept) this.read(message);
  }
}
