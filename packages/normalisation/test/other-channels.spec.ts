import { expect, test } from '@jest/globals';
import { InstrumentTable, Trust, TrustCause } from '@parallax/types';
import { binance, binancecoinm, binanceusdm, coinbase, kraken, okx, type VenueDefinition } from '@parallax/venues';
import { VenueNormaliser } from '../src/index.js';

/** What is refused of another channel than the book's, or of a symbol that is not read, says nothing against a book. */
const START_MS = 1_786_309_548_000;
const TIME = '2026-08-09T21:05:48.000000Z';

interface Sample {
  readonly definition: VenueDefinition;
  readonly symbol: string;
  /** Frames that make the book; the body of a REST snapshot begins with `rest `. */
  readonly join: readonly string[];
  /** An update of the book, its best bid's size 2. */
  readonly next: string;
  /** Frames to refuse by what is wrong with them. */
  readonly odd: Readonly<Record<string, string>>;
}

const binanceEvent = (symbol: string, channel: string, data: string): string =>
  `{"stream":"${symbol.toLowerCase()}@${channel}","data":{${data.replaceAll('$S', symbol)}}}`;

/** The three markets of Binance differ in few fields. */
function ofBinance(definition: VenueDefinition, symbol: string, venueSymbol: string, more: { depth: string; ids: string; trades: 'trade' | 'aggTrade' }): Sample {
  const depth = (name: string, first: number, last: number, bids: string): string =>
    binanceEvent(name, 'depth@100ms', `"e":"depthUpdate","E":${START_MS},${more.depth}"s":"$S","U":${first},"u":${last}${more.ids.replace('$P', String(first - 1))},"b":[${bids}],"a":[]`);
  const trade = (price: string, size: string): string => binanceEvent(venueSymbol, more.trades,
    `"e":"${more.trades}","E":${START_MS},"s":"$S","${more.trades === 'trade' ? 't' : 'a'}":7,"p":"${price}","q":"${size}","T":${START_MS},"m":true`);
  const ticker = (bid: string, ask: string): string => binanceEvent(venueSymbol, 'bookTicker', `"e":"bookTicker","u":150,"s":"$S","b":"${bid}","B":"1","a":"${ask}","A":"1","T":${START_MS},"E":${START_MS}`);
  return {
    definition, symbol,
    join: [depth(venueSymbol, 101, 110, ''), 'rest {"lastUpdateId":105,"bids":[["60000.0","1"]],"asks":[["60000.1","1"]]}'],
    next: depth(venueSymbol, 111, 120, '["60000.0","2"]'),
    odd: {
      'a trade of size 0': trade('60000.1', '0'), 'a trade at no number': trade('x', '1'), 'a trade without a side': trade('60000.1', '1').replace('true', '7'),
      'a trade of years ago': trade('60000.1', '1').replace(`"T":${START_MS}`, '"T":1577836800000'), 'a trade of next week': trade('60000.1', '1').replace(`"T":${START_MS}`, `"T":${START_MS + 7 * 86_400_000}`),
      'a trade without a symbol': trade('60000.1', '1').replace(`"s":"${venueSymbol}",`, ''),
      'a crossed ticker': ticker('60000.2', '60000.1'), 'a ticker that is negative': ticker('-1', '60000.1'),
      'a book of an unknown symbol': depth('BTCUSD_260925', 5, 9, '["1","x"]'),
    },
  };
}

const okxFrame = (channel: string, symbol: string, data: string, action = ''): string => `{"arg":{"channel":"${channel}","instId":"${symbol}"},${action}"data":[${data}]}`;
const okxBook = (symbol: string, action: string, size: string, ids: string): string => {
  const side = (first: number): string => Array.from({ length: 12 }, (_, i) => `["${first + (first > 60_000 ? i : -i)}","${i === 0 ? size : '1'}","0","1"]`).join(',');
  return okxFrame('books', symbol, `{"asks":[${side(60_001)}],"bids":[${side(60_000)}],"ts":"${START_MS}","checksum":0,${ids}}`, `"action":"${action}",`);
};
const krakenFrame = (channel: string, type: string, entry: string): string => `{"channel":"${channel}","type":"${type}","data":[${entry}]}`;
const krakenTrade = (rest: string): string => krakenFrame('trade', 'update', `{"symbol":"BTC/USD","side":"buy",${rest},"ord_type":"market","trade_id":7,"timestamp":"${TIME}"}`);
const krakenTicker = (bid: string): string => krakenFrame('ticker', 'update', `{"symbol":"BTC/USD","bid":${bid},"bid_qty":1.0,"ask":60000.1,"ask_qty":1.0,"timestamp":"${TIME}"}`);
const coinbaseFrame = (channel: string, sequence: number, event: string): string => `{"channel":"${channel}","timestamp":"${TIME}","sequence_num":${sequence},"events":[${event}]}`;
const coinbaseTrade = (sequence: number, rest: string): string => coinbaseFrame('market_trades', sequence, `{"type":"update","trades":[{"product_id":"BTC-USD","trade_id":"7",${rest},"time":"${TIME}","side":"BUY"}]}`);
const coinbaseBook = (sequence: number, type: string, product: string, size: string): string => coinbaseFrame('l2_data', sequence, `{"type":"${type}","product_id":"${product}","updates":[${
  [['bid', '60000.00'], ['offer', '60000.01']].map(([side, price]) => `{"side":"${side}","event_time":"${TIME}","price_level":"${price}","new_quantity":"${size}"}`).join(',')}]}`);

const SAMPLES: readonly Sample[] = [
  ofBinance(binance, 'BTC/USDT', 'BTCUSDT', { depth: '', ids: '', trades: 'trade' }),
  ofBinance(binanceusdm, 'BTC/USDT:USDT', 'BTCUSDT', { depth: `"T":${START_MS},`, ids: ',"pu":$P', trades: 'aggTrade' }),
  ofBinance(binancecoinm, 'BTC/USD:BTC', 'BTCUSD_PERP', { depth: `"T":${START_MS},`, ids: ',"ps":"BTCUSD","pu":$P', trades: 'aggTrade' }),
  {
    definition: okx, symbol: 'BTC/USDT',
    join: [okxBook('BTC-USDT', 'snapshot', '1', '"seqId":10,"prevSeqId":-1')],
    next: okxBook('BTC-USDT', 'update', '2', '"seqId":11,"prevSeqId":10'),
    odd: {
      'a trade of size 0': okxFrame('trades', 'BTC-USDT', `{"instId":"BTC-USDT","tradeId":"7","px":"60000.1","sz":"0","side":"buy","ts":"${START_MS}"}`),
      'a trade of years ago': okxFrame('trades', 'BTC-USDT', '{"instId":"BTC-USDT","tradeId":"7","px":"60000.1","sz":"1","side":"buy","ts":"1577836800000"}'),
      'no trade at all': okxFrame('trades', 'BTC-USDT', ''),
      'a crossed ticker': okxFrame('bbo-tbt', 'BTC-USDT', `{"asks":[["60000.1","1","0","1"]],"bids":[["60000.2","1","0","1"]],"ts":"${START_MS}","seqId":10}`),
      'a book of an unknown symbol': okxBook('BTC-USDT-260925', 'update', 'x', '"seqId":11,"prevSeqId":10'),
    },
  },
  {
    definition: kraken, symbol: 'BTC/USD',
    join: [krakenFrame('book', 'snapshot', `{"symbol":"BTC/USD","bids":[{"price":60000.0,"qty":1.00000000}],"asks":[{"price":60000.1,"qty":1.00000000}],"checksum":4018709546,"timestamp":"${TIME}"}`)],
    next: krakenFrame('book', 'update', `{"symbol":"BTC/USD","bids":[{"price":60000.0,"qty":2.00000000}],"asks":[],"checksum":3590691055,"timestamp":"${TIME}"}`),
    odd: {
      'a trade of size 0': krakenTrade('"price":60000.1,"qty":0.00000000'), 'a trade at no number': krakenTrade('"price":"60000.1","qty":1.0'),
      'a trade of years ago': krakenTrade('"price":60000.1,"qty":1.0').replace('2026-08-09', '2020-01-01'),
      'an unknown type': krakenFrame('trade', 'renewal', '{}'), 'no object': krakenFrame('ticker', 'update', '7'),
      'a crossed ticker': krakenTicker('60000.2'), 'a ticker that is negative': krakenTicker('-1'),
      'a ticker of a day ago that was told late': krakenTicker('60000.0').replace('2026-08-09', '2026-08-11'),
      'a book of an unknown symbol': krakenFrame('book', 'update', '{"symbol":"FOO/USD","bids":[{"price":-1,"qty":2.0}],"asks":[]}'),
    },
  },
  {
    definition: coinbase, symbol: 'BTC/USD',
    join: [coinbaseBook(0, 'snapshot', 'BTC-USD', '1')],
    next: coinbaseBook(2, 'update', 'BTC-USD', '2'),
    odd: {
      'a trade of size 0': coinbaseTrade(1, '"price":"60000.01","size":"0"'), 'a trade at no number': coinbaseTrade(1, '"price":"x","size":"1"'),
      'a trade of years ago': coinbaseTrade(1, '"price":"60000.01","size":"1"').replace('"time":"2026-08-09', '"time":"2020-01-01'),
      'no list of tickers': coinbaseFrame('ticker', 1, '{"type":"update","tickers":7}'), 'no event': coinbaseFrame('ticker', 1, '7'),
      'a crossed ticker': coinbaseFrame('ticker', 1, '{"type":"update","tickers":[{"type":"ticker","product_id":"BTC-USD","best_bid":"60000.02","best_bid_quantity":"1","best_ask":"60000.01","best_ask_quantity":"1"}]}'),
      'a book of an unknown symbol': coinbaseBook(1, 'update', 'FOO-USD', 'x'),
    },
  },
];

const cases = SAMPLES.flatMap((sample) => Object.entries(sample.odd).map(([what, frame]) => [sample.definition.id, what, sample, frame] as const));

test.each(cases)('%s: %s is a dead letter, and the book goes on as if it had not come', (_id, _what, { definition, symbol, join, next }, odd) => {
  const table = new InstrumentTable();
  for (const specification of definition.catalogue) if (specification.symbol === symbol) table.add(specification);
  const letters: string[] = [];
  const wanted: TrustCause[] = [];
  const trusts: number[] = [];
  const trades: number[] = [];
  const ignored = (): void => undefined;
  const normaliser = new VenueNormaliser(definition, table, {
    onQuote: ignored, onBook: ignored, onTrades: (instrument) => trades.push(instrument), onTrust: (_instrument, trust) => trusts.push(trust),
    onDeadLetter: ({ place }) => letters.push(place), onSnapshotWanted: (_instrument, cause) => wanted.push(cause),
  });
  let frame = 0;
  const read = (text: string): void => {
    const atUs = START_MS * 1_000 + ++frame * 1_000;
    if (text.startsWith('rest ')) normaliser.onSnapshot(1, frame, atUs, Buffer.from(text.slice(5)), 0);
    else normaliser.onFrame(1, frame, atUs, Buffer.from(text));
  };
  const { keeper } = normaliser.market(0);
  for (const text of join) read(text);
  expect([keeper.trust, keeper.cause]).toEqual([Trust.synced, TrustCause.snapshotApplied]);
  wanted.length = trusts.length = 0;
  read(odd);
  expect(letters).toHaveLength(1);
  expect([...normaliser.deadLetters.values()]).toEqual([1]);
  expect(trades).toEqual([]);
  read(next);
  expect([keeper.trust, keeper.cause, wanted, trusts]).toEqual([Trust.synced, TrustCause.snapshotApplied, [], []]);
  expect(keeper.book.bestBidSize).toBe(2 * 10 ** table.get(0).sizeScale);
});
