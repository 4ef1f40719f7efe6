import { expect, test } from '@jest/globals';
import { InstrumentTable, Quote, Trust, TrustCause } from '@parallax/types';
import { binance, binanceusdm, okx, type VenueDefinition } from '@parallax/venues';
import { VenueNormaliser } from '../src/index.js';

/** Ids that lie ahead of the stream: what hangs on them is not the market of this moment, however it is proved. */
const START = 1_786_309_548_000_000;
const STEP_US = 100_000;

interface Sample {
  readonly definition: VenueDefinition;
  readonly symbol: string;
  readonly snapshot: (id: number, bid: string, ask: string) => string;
  readonly update: (id: number, bid: string, ask: string, before: string) => string;
  readonly quote: (id: number, bid: string, ask: string) => string;
}

const ofBinance = (definition: VenueDefinition, symbol: string, futures: boolean): Sample => ({
  definition, symbol,
  snapshot: (id, bid, ask) => `{"lastUpdateId":${id},"bids":[["${bid}","1"]],"asks":[["${ask}","1"]]}`,
  update: (id, bid, ask, before) =>
    `{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":${START / 1_000},${futures ? `"T":${START / 1_000},` : ''}"s":"BTCUSDT","U":${id},"u":${id}${futures ? `,"pu":${id - 1}` : ''},"b":[["${before}","0"],["${bid}","1"]],"a":[["${ask}","1"]]}}`,
  quote: (id, bid, ask) =>
    `{"stream":"btcusdt@bookTicker","data":{${futures ? '"e":"bookTicker",' : ''}"u":${id},"s":"BTCUSDT","b":"${bid}","B":"1","a":"${ask}","A":"1"${futures ? `,"T":${START / 1_000},"E":${START / 1_000}` : ''}}}`,
});
const okxFrame = (channel: string, data: string, action = ''): string => `{"arg":{"channel":"${channel}","instId":"BTC-USDT"},${action}"data":[${data}]}`;
const SAMPLES: readonly Sample[] = [
  ofBinance(binance, 'BTC/USDT', false),
  ofBinance(binanceusdm, 'BTC/USDT:USDT', true),
  {
    definition: okx, symbol: 'BTC/USDT',
    snapshot: (id, bid, ask) => `{"code":"0","msg":"","data":[{"asks":[["${ask}","1","0","1"]],"bids":[["${bid}","1","0","1"]],"ts":"${START / 1_000}","seqId":${id}}]}`,
    update: (id, bid, ask, before) => okxFrame('books', `{"asks":[["${ask}","1","0","1"]],"bids":[["${before}","0","0","0"],["${bid}","1","0","1"]],"ts":"${START / 1_000}","checksum":0,"seqId":${id},"prevSeqId":${id - 1}}`, '"action":"update",'),
    quote: (id, bid, ask) => okxFrame('bbo-tbt', `{"asks":[["${ask}","1","0","1"]],"bids":[["${bid}","1","0","1"]],"ts":"${START / 1_000}","seqId":${id}}`),
  },
];

function stand({ definition, symbol }: Sample) {
  const table = new InstrumentTable();
  const instrument = table.add(definition.catalogue.find((one) => one.symbol === symbol)!);
  const { priceScale } = table.get(instrument);
  const wanted: TrustCause[] = [];
  let quote = { trust: 0, bid: 0, provenAtUs: 0, atUs: 0 };
  let nowUs = START;
  const normaliser = new VenueNormaliser(definition, table, {
    onQuote: (_, row) => { quote = { trust: row[Quote.trust], bid: row[Quote.bidPrice] / 10 ** priceScale, provenAtUs: row[Quote.provenAtUs], atUs: nowUs }; },
    onBook: () => {}, onTrades: () => {}, onTrust: () => {}, onDeadLetter: ({ reason }) => { throw new Error(reason); }, onSnapshotWanted: (_, cause) => wanted.push(cause),
  });
  let frame = 0;
  const read = (text: string): void => normaliser.onFrame(1, ++frame, nowUs, Buffer.from(text));
  const snapshot = (text: string): void => normaliser.onSnapshot(1, ++frame, nowUs, Buffer.from(text), instrument);
  const pass = (us: number): void => { nowUs += us; if (normaliser.wakeAtUs <= nowUs) normaliser.onWake(nowUs); };
  return { read, snapshot, pass, wanted, quote: () => quote, keeper: normaliser.market(instrument).keeper };
}

/** The stream's own price at an id. */
const bidAt = (id: number): string => (50_000 + id).toFixed(1);
const ASK = '70000.0';
const cases = SAMPLES.map((sample) => [sample.definition.id, sample] as const);

test.each(cases)('%s: a snapshot whose id the stream does not come to is no book of now', (_id, sample) => {
  const { read, snapshot, pass, wanted, quote } = stand(sample);
  read(sample.update(1_001, bidAt(1_001), ASK, bidAt(1_000)));
  // Of a counter that was set back since, or of another machine of the venue.
  snapshot(sample.snapshot(900_000, '49000.0', ASK));
  let lastTrusted = 0;
  for (let id = 1_002; id < 2_100; id++) {
    pass(STEP_US);
    read(sample.update(id, bidAt(id), ASK, bidAt(id - 1)));
    read(sample.quote(id, bidAt(id), ASK));
    const told = quote();
    if (told.trust === Trust.synced && told.atUs - told.provenAtUs < 2_000_000 && told.bid !== Number(bidAt(id))) lastTrusted = id;
  }
  // For some seconds nobody can know it.
  expect(lastTrusted).toBeLessThan(1_025);
  expect(wanted.length).toBeGreaterThan(1);
  expect(quote().trust).not.toBe(Trust.synced);
  snapshot(sample.snapshot(2_099, bidAt(2_099), ASK));
  read(sample.update(2_100, bidAt(2_100), ASK, bidAt(2_099)));
  expect(quote()).toMatchObject({ trust: Trust.synced, bid: 52_100 });
});

test.each(cases)('%s: a best quote whose id the book does not come to is not told for long', (_id, sample) => {
  const { read, snapshot, pass, quote, wanted, keeper } = stand(sample);
  read(sample.update(1_001, bidAt(1_001), ASK, bidAt(1_000)));
  snapshot(sample.snapshot(1_001, bidAt(1_001), ASK));
  read(sample.quote(900_000, '49000.0', ASK));
  let lastWrong = 0;
  for (let id = 1_002; id < 1_700; id++) {
    pass(STEP_US);
    read(sample.update(id, bidAt(id), ASK, bidAt(id - 1)));
    if (quote().trust === Trust.synced && quote().bid !== Number(bidAt(id))) lastWrong = id;
    if (keeper.trust === Trust.resyncing) snapshot(sample.snapshot(id, bidAt(id), ASK));
    read(sample.quote(id, bidAt(id), ASK));
  }
  expect(lastWrong).toBeLessThan(1_060);
  expect(quote()).toMatchObject({ trust: Trust.synced, bid: 51_699 });
  expect(wanted.length).toBeLessThan(4);
});
