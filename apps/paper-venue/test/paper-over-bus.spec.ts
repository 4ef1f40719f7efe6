import { createMemoryBus, readIdentity } from '@parallax/bus';
import { expect, test } from '@jest/globals';
import { SystemClock, SystemRandom, SystemTimers, publishInstruments } from '@parallax/runtime';
import { ConstantLatency, MemoryJournal, RateFees, riskAverseQueue } from '@parallax/simulation';
import { until } from '@parallax/testing';
import { BOOK_COLUMNS, BookChange, Column, layoutOf, RowKind, type InstrumentSpecification, type Row, type VenueOrder } from '@parallax/types';
import { BUS_IDENTITY, bytesOfRow, encodeJson, patterns, subjects, TOPOLOGY } from '@parallax/wire';
import { PaperVenueService } from '../src/index.js';

const specification: InstrumentSpecification = {
  venue: 'okx', symbol: 'BTC/USDT', venueSymbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 1, sizeScale: 2, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
  status: 'trading', version: 1, source: 'catalogue',
};
function keyframe(): Row {
  const row = new Float64Array(BOOK_COLUMNS + 2);
  row[Column.layout] = layoutOf(RowKind.book);
  row[Column.specificationVersion] = 1;
  row[BookChange.lastId] = 5;
  row[BookChange.keyframe] = 1;
  row[BookChange.trust] = 1;
  row[BookChange.askCount] = 1;
  row.set([1000, 300], BOOK_COLUMNS);
  return row;
}

test('over the bus, with the services’ own rights: the venue asks for its book, fills, reports, and answers a repeat alike', async () => {
  const bus = await createMemoryBus(TOPOLOGY);
  await publishInstruments(bus, [specification]);
  const row = keyframe();
  bus.subscribe(patterns.keyframes, (message) => message.respond(bytesOfRow(row, row.length)));
  const reports: VenueOrder[] = [];
  const execution = bus.as('execution');
  execution.subscribe(subjects.venueReport('okx'), ({ bytes }) => reports.push(JSON.parse(Buffer.from(bytes).toString())));
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const service = new PaperVenueService(
    { bus: bus.as('paper'), clock: new SystemClock(), timers: new SystemTimers(), random: new SystemRandom(), log, instance: 'a' },
    [{ venue: 'okx', matching: { queue: riskAverseQueue, depth: 'books' }, fees: new RateFees('0', '0.001'), latency: new ConstantLatency(3_000), journal: new MemoryJournal(), found: [] }],
  );
  await service.start();
  const grantedBy = await readIdentity(execution, BUS_IDENTITY);
  const place = async (price = '100.0'): Promise<Record<string, unknown>> => {
    const request = {
      account: 'main', clientId: 'abc', venue: 'okx', symbol: 'BTC/USDT', side: 'buy', type: 'limit', timeInForce: 'IOC',
      postOnly: false, price, size: '2', validUntilUs: Date.now() * 1000 + 3_600_000_000, epoch: 1, grantedBy,
    };
    const answer = await execution.request(subjects.venueOrder('okx'), encodeJson({ call: 'place', request }), { timeoutMs: 60_000 });
    return JSON.parse(Buffer.from(answer.bytes).toString()) as Record<string, unknown>;
  };
  expect(await place('1e5x')).toMatchObject({ kind: 'rejected', code: 'INPUT_REFUSED' });
  expect(await place()).toMatchObject({ kind: 'rejected', code: 'MARKET_UNKNOWN' });
  const first = await until(async () => {
    const outcome = await place();
    return outcome.kind !== 'rejected' && outcome;
  }, 'the venue has its book');
  expect(first).toMatchObject({ kind: 'accepted', order: { status: 'filled', filledSize: '2', fills: [{ price: '100.0', fee: '0.2' }] } });
  expect(await place()).toEqual(first);
  await until(() => reports.length > 0);
  expect(reports).toMatchObject([{ clientId: 'abc', status: 'filled' }]);
  expect(service.health()).toMatchObject({ ready: true, counters: { refused: 1, missingBooks: 0 } });
  await service.stop();
  await bus.drain();
});
