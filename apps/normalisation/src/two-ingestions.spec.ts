import { expect, test } from '@jest/globals';
import { createMemoryBus, systemPorts } from '@parallax/bus';
import { ALONE_AGAIN_US, publishInstruments } from '@parallax/runtime';
import { until } from '@parallax/testing';
import { isTrusted, Quote, RawKind, TrustCause } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { encodeJson, marketPattern, RawWriter, RowReader, subjects, TOPOLOGY } from '@parallax/wire';
import { NormalisationService } from './normalisation-service.js';

const okx = VENUES.get('okx')!;

/** An instance of ingestion as the bus hears it, with a market around `price`. */
class Market {
  private readonly writer = new RawWriter();
  private frame = 0;
  private id = 10;

  constructor(
    private readonly publish: (bytes: Uint8Array, connection: number) => void, private readonly nowUs: () => number,
    private readonly connection: number, private readonly startedAtUs: number, private readonly price: number,
  ) {}

  snapshot(): void {
    const ladder = (from: number, step: number): string => JSON.stringify(Array.from({ length: 10 }, (_, i) => [String(from + i * step), '1', '0', '1']));
    this.tell('snapshot', `"bids":${ladder(this.price, -1)},"asks":${ladder(this.price + 1, 1)}`, `"seqId":${this.id},"prevSeqId":-1`);
  }

  /** A size behind the best changes. */
  move(): void {
    this.tell('update', `"bids":[["${this.price - 5}","${(this.id % 7) + 1}","0","1"]],"asks":[]`, `"seqId":${++this.id},"prevSeqId":${this.id - 1}`);
  }

  private tell(action: string, levels: string, ids: string): void {
    const nowUs = this.nowUs();
    const text = `{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"${action}","data":[{${levels},"ts":"${Math.floor(nowUs / 1_000)}",${ids}}]}`;
    const head = { connection: this.connection, frame: ++this.frame, receivedAtUs: nowUs, epoch: this.startedAtUs, kind: RawKind.stream };
    this.writer.write(head, Buffer.from(text), (bytes) => this.publish(bytes.slice(), this.connection));
  }
}

test.each(['the first', 'the second'])('two ingestions of a venue: no quote of either market is trusted, both are named, and once only %s is left its book is', async (stays) => {
  const { timers, random } = systemPorts();
  let nowUs = 1_790_000_000_000_000;
  const clock = { nowUs: () => nowUs };
  const bus = await createMemoryBus(TOPOLOGY);
  const ingestion = bus.as('ingestion');
  await publishInstruments(ingestion, okx.catalogue);
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const service = new NormalisationService({ bus: bus.as('normalisation'), clock, timers, random, instance: 'n1', log }, VENUES);
  await service.start();
  const reader = new RowReader();
  const quotes: { bid: number; trusted: boolean; cause: number }[] = [];
  bus.as('risk').subscribe(marketPattern('quote'), ({ bytes }) => {
    const row = reader.market(bytes, 'quote');
    quotes.push({ bid: Math.round(row[Quote.bidPrice] / 10 ** okx.catalogue.find(({ symbol }) => symbol === 'BTC/USDT')!.priceScale), trusted: isTrusted(row), cause: row[Quote.cause] });
  });
  const publish = (bytes: Uint8Array, connection: number): void => ingestion.publish(subjects.raw('okx', connection), bytes);
  const market = (connection: number, price: number): Market => new Market(publish, clock.nowUs, connection, 1_789_000_000_000_000 + connection, price);
  for (const [instance, startedAtUs] of [['first', 1_789_000_000_000_001], ['second', 1_789_000_000_000_002]] as const) {
    ingestion.publish(subjects.serviceHealth('ingestion'), encodeJson({ service: 'ingestion', instance, ready: true, missing: [], startedAtUs, atUs: nowUs, counters: {}, latencies: {} }));
  }
  const trust = (): unknown => service.report().symbols.map((one) => `${one.trust} ${one.cause}`)[0];
  const troubles = (): readonly { key: string }[] => service.health().troubles ?? [];
  const [one, two] = [market(1, 50_000), market(2, 90_000)];

  one.snapshot();
  one.move();
  await until(() => trust() === 'synced snapshot applied', () => JSON.stringify(service.report()));
  expect(troubles()).toEqual([]);
  quotes.length = 0;
  for (let i = 0; i < 3; i++) {
    two.move();
    one.move();
  }
  two.snapshot();
  one.move();
  await until(() => trust() === 'resyncing two writers', () => JSON.stringify(service.report()));
  await until(() => troubles().length > 0);
  expect(troubles()).toEqual([expect.objectContaining({
    key: 'two-writers.ingestion.okx', severity: 'critical', stopsTrading: true,
    summary: expect.stringMatching(/2 instances of ingestion write the market of okx at once: second \(.*\) and first \(.*\)/),
  })]);
  await until(() => quotes.at(-1)?.cause === TrustCause.twoWriters);
  expect(quotes.filter(({ trusted, bid }) => trusted && bid === 90_000)).toEqual([]);
  expect(quotes.at(-1)).toMatchObject({ trusted: false });

  nowUs += ALONE_AGAIN_US + 1;
  const left = stays === 'the first' ? one : two;
  quotes.length = 0;
  left.snapshot();
  left.move();
  await until(() => trust() === 'synced snapshot applied', () => JSON.stringify(service.report()));
  expect(troubles()).toEqual([]);
  await until(() => quotes.some(({ trusted }) => trusted));
  expect(quotes.at(-1)).toMatchObject({ trusted: true, bid: left === one ? 50_000 : 90_000 });
  await service.stop();
  await bus.drain();
});
