import tardis from 'tardis-dev';

interface Change {
  readonly type: string;
  readonly symbol: string;
  readonly isSnapshot: boolean;
}

/** tardis-dev as its users run it: mappers for books, trades and tickers, one OrderBook a symbol, its best after each. */
export class TardisReader {
  readonly books = new Map<string, InstanceType<typeof tardis.OrderBook>>();
  bestBid = 0;
  bestAsk = 0;
  changes = 0;
  others = 0;
  private readonly mappers;

  constructor(exchange: string, at: Date, tickers = true) {
    const name = exchange as 'binance';
    this.mappers = [
      tardis.normalizeBookChanges(name, at), tardis.normalizeTrades(name, at), ...(tickers ? [tardis.normalizeBookTickers(name, at)] : []),
    ];
  }

  read(message: unknown, at: Date): void {
    for (const mapper of this.mappers) {
      if (!mapper.canHandle(message)) continue;
      for (const event of mapper.map(message, at) ?? []) {
        if (event.type === 'book_change') this.change(event);
        else this.others++;
      }
    }
  }

  private change(change: Change): void {
    this.changes++;
    let book = this.books.get(change.symbol);
    if (book === undefined || change.isSnapshot) this.books.set(change.symbol, (book = new tardis.OrderBook()));
    book.update(change as never);
    this.bestBid = book.bestBid()?.price ?? 0;
    this.bestAsk = book.bestAsk()?.price ?? 0;
  }
}
