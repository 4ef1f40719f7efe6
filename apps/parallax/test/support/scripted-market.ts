import type { VenueSelection } from '@parallax/app-ingestion';
import type { Clock, HttpClient, HttpReply, Socket, SocketFactory, SocketHandlers } from '@parallax/types';
import { VENUES } from '@parallax/venues';

export type ScriptedVenue = 'okx' | 'coinbase';
export const SYMBOL = 'BTC/USDT';

/** Best bid and ask of one venue; levels of 0.02 BTC each, in steps of 1 outwards. */
export interface Top {
  readonly bid: number;
  readonly ask: number;
}

const OKX_LISTING = {
  code: '0', data: [{
    instType: 'SPOT', instId: 'BTC-USDT', baseCcy: 'BTC', quoteCcy: 'USDT', tickSz: '0.1', lotSz: '0.00000001', minSz: '0.00001', state: 'live',
  }],
};
const COINBASE_LISTING = {
  products: [{
    product_id: 'BTC-USDT', product_type: 'SPOT', base_currency_id: 'BTC', quote_currency_id: 'USDT', price_increment: '0.01',
    base_increment: '0.00000001', base_min_size: '0.00000001', quote_min_size: '1', status: 'online', alias: '',
  }],
};
/** Three that are worth taking, and far behind them so many that a snapshot of them counts as a whole book. */
const LEVELS = [0, 1, 2, ...Array.from({ length: 20 }, (_, at) => 10_000 + at)];
/** Small enough that every leg and exit stays below the limit of one order. */
const SIZE = '0.02';
const QUIET: Top = { bid: 60_000, ask: 60_002 };

/** Two venues whose frames the test writes, in the venues' own words: each change of the top is one frame. */
export class ScriptedMarket implements SocketFactory, HttpClient {
  readonly selections: readonly VenueSelection[] = (['okx', 'coinbase'] as const).map((venue) => ({
    definition: VENUES.get(venue)!, symbols: [SYMBOL], feeds: ['depth' as const],
  }));
  private readonly handlers = new Map<ScriptedVenue, SocketHandlers>();
  private readonly tops: Record<ScriptedVenue, Top> = { okx: QUIET, coinbase: QUIET };
  private readonly numbers = { okx: 0, coinbase: 0 };
  private churn = 0;
  /** Frames that were sent, of all venues. */
  told = 0;

  constructor(private readonly clock: Clock) {}

  get(url: string): Promise<HttpReply> {
    const okx = url.includes('/market/books') ? this.okxBook() : url.endsWith('SPOT') ? OKX_LISTING : { code: '0', data: [] };
    const answer = url.includes('coinbase') ? COINBASE_LISTING : okx;
    return Promise.resolve({ status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(answer)) });
  }

  open(url: string, handlers: SocketHandlers): Socket {
    const venue = url.includes('coinbase') ? 'coinbase' : 'okx';
    // Coinbase numbers the frames of a connection; OKX numbers a book for ever.
    if (venue === 'coinbase') this.numbers.coinbase = 0;
    setImmediate(() => handlers.onOpen());
    return {
      close: () => {
        this.handlers.delete(venue);
        handlers.onClose(1000, '');
      },
      // Who subscribes to the book gets all of it first.
      send: (text) => void (/"subscribe".*"(books|level2)"/.test(text) && setImmediate(() => this.snapshot(venue, handlers))),
    };
  }

  private snapshot(venue: ScriptedVenue, handlers: SocketHandlers): void {
    this.handlers.set(venue, handlers);
    this.send(venue, true, levelsOf(this.tops[venue], SIZE));
  }

  /** Sends one frame that moves the top, or without one changes the size of a level behind it. */
  update(venue: ScriptedVenue, top?: Top): void {
    const before = this.tops[venue];
    this.tops[venue] = top ?? before;
    if (!this.handlers.has(venue)) return;
    if (!top) return this.send(venue, false, { bids: [[before.bid - 2, String((100 + (++this.churn % 100)) / 5000)]], asks: [] });
    const [old, now] = [levelsOf(before, '0'), levelsOf(top, SIZE)];
    const without = (gone: Level[], kept: Level[]): Level[] => [...gone.filter(([price]) => !kept.some((level) => level[0] === price)), ...kept];
    this.send(venue, false, { bids: without(old.bids, now.bids), asks: without(old.asks, now.asks) });
  }

  private send(venue: ScriptedVenue, snapshot: boolean, levels: Levels): void {
    const { clock } = this;
    this.told++;
    const frame = venue === 'okx' ? this.okx(snapshot, levels) : this.coinbase(snapshot, levels);
    this.handlers.get(venue)!.onFrame(new TextEncoder().encode(JSON.stringify(frame)), clock.nowUs());
  }

  private okx(snapshot: boolean, levels: Levels): object {
    const prevSeqId = snapshot ? -1 : this.numbers.okx;
    this.numbers.okx++;
    const data = { ...this.okxSides(levels), checksum: 0, prevSeqId, seqId: this.numbers.okx };
    return { arg: { channel: 'books', instId: 'BTC-USDT' }, action: snapshot ? 'snapshot' : 'update', data: [data] };
  }

  /** The whole book as REST tells it. */
  private okxBook(): object {
    return { code: '0', msg: '', data: [{ ...this.okxSides(levelsOf(this.tops.okx, SIZE)), seqId: this.numbers.okx }] };
  }

  private okxSides({ bids, asks }: Levels): object {
    const rows = (levels: Level[]): string[][] => levels.map(([price, size]) => [price.toFixed(1), size, '0', '1']);
    return { asks: rows(asks), bids: rows(bids), ts: String(Math.floor(this.clock.nowUs() / 1000)) };
  }

  private coinbase(snapshot: boolean, { bids, asks }: Levels): object {
    const timestamp = new Date(this.clock.nowUs() / 1000).toISOString();
    const rows = (side: string, levels: Level[]): object[] =>
      levels.map(([price, size]) => ({ side, event_time: timestamp, price_level: price.toFixed(2), new_quantity: size }));
    const event = { type: snapshot ? 'snapshot' : 'update', product_id: 'BTC-USDT', updates: [...rows('bid', bids), ...rows('offer', asks)] };
    return { channel: 'l2_data', client_id: '', timestamp, sequence_num: this.numbers.coinbase++, events: [event] };
  }
}

type Level = [number, string];
interface Levels {
  readonly bids: Level[];
  readonly asks: Level[];
}
const levelsOf = ({ bid, ask }: Top, size: string): Levels => ({
  bids: LEVELS.map((step): Level => [bid - step, size]),
  asks: LEVELS.map((step): Level => [ask + step, size]),
});
