import { createMemoryBus, type Bus, type MemoryBus } from '@parallax/bus';
import { settingsOf } from '@parallax/config';
import { publishInstruments, SystemRandom } from '@parallax/runtime';
import { VirtualTime } from '@parallax/simulation';
import {
  BOOK_COLUMNS, BookChange, layoutOf, LEVEL_COLUMNS, Quote, QUOTE_COLUMNS, RowKind, Trust, type Intent, type Opportunity, type Passed, type Row, type TraceKeep,
  type Tracing,
} from '@parallax/types';
import { VENUES } from '@parallax/venues';
import {
  bytesOfRow, decodeJson, encodeJson, intentSchema, opportunitySchema, passedSchema, patterns, STREAMS, subjects, TOPOLOGY, traceKeepSchema,
} from '@parallax/wire';
import { arbitrageOf, type ArbitrageService } from '../src/index.js';

export type Venue = 'binance' | 'okx';
interface Prices {
  readonly bid: number;
  readonly ask: number;
}
const ACCOUNT = 'paper';
const SYMBOL = 'BTC/USDT';
const STEP_US = 20_000;
const marketOf = (venue: Venue) => ({ ...VENUES.get(venue)!.catalogue.find(({ symbol }) => symbol === SYMBOL)!, status: 'trading' as const });

/** Arbitrage as it is put together live, on a bus in the process and in virtual time; the market and everybody's answers are the test's. */
export class Stand {
  /** Who lets an opportunity pass says so. */
  readonly passed: Passed[] = [];
  /** Venues whose keyframe was asked for and is not given yet. */
  readonly asked: Venue[] = [];
  /** Frames whose spans are to be written, by why. */
  readonly kept: TraceKeep[] = [];
  private readonly answers: (() => void)[] = [];
  private readonly books: Record<Venue, Prices & { id: number }> = { binance: { id: 0, bid: 0, ask: 0 }, okx: { id: 0, bid: 0, ask: 0 } };
  private told = 0;

  private constructor(
    private readonly bus: MemoryBus,
    private readonly time: VirtualTime,
    readonly service: ArbitrageService,
    /** What the service logged as errors. */
    readonly errors: readonly string[],
    /** What it told its host that it caught. */
    readonly failed: readonly string[],
  ) {}

  /** `around` lays the test's faults over the service's bus. */
  static async open(around: (bus: Bus) => Bus = (bus) => bus, tracing?: Tracing): Promise<Stand> {
    const time = new VirtualTime(1_790_000_000_000_000);
    const bus = await createMemoryBus(TOPOLOGY, { ports: { clock: time, timers: time, random: new SystemRandom() } });
    await publishInstruments(bus, [marketOf('binance'), marketOf('okx')]);
    const settings = { ...settingsOf({ VENUES: 'binance,okx', FEES: '0', MIN_EDGE_BPS: '5', QUOTE_MAX_AGE_MS: '600000' }, VENUES), stateDirectory: null };
    const errors: string[] = [];
    const log = { info: () => {}, warn: () => {}, error: (message: string, fields?: object) => void errors.push(`${message} ${JSON.stringify(fields)}`) };
    const failed: string[] = [];
    const watch = { counters: {}, failed: (_error: unknown, place: string) => void failed.push(place), troubles: () => [] };
    const context = { bus: around(bus.as('arbitrage')), clock: time, timers: time, random: new SystemRandom(), log, instance: 'test', watch, ...(tracing && { tracing }) };
    const stand = new Stand(bus, time, arbitrageOf(context, settings), errors, failed);
    bus.as('gateway').subscribe(patterns.passed, ({ bytes }) => void stand.passed.push(decodeJson(passedSchema, bytes)));
    bus.as('normalisation').subscribe(subjects.traceKeep(), ({ bytes }) => void stand.kept.push(decodeJson(traceKeepSchema, bytes)));
    for (const venue of ['binance', 'okx'] as const) {
      bus.as('normalisation').subscribe(subjects.keyframe(venue), (message) => {
        stand.asked.push(venue);
        stand.answers.push(() => message.respond(bytesOf(stand.bookOf(venue, null))));
      });
    }
    await stand.service.start();
    return stand;
  }

  async close(): Promise<void> {
    await this.service.stop();
    await this.bus.drain();
  }

  /** Lets so much time pass, and everybody do what that leads to. */
  async pass(seconds: number): Promise<void> {
    const endUs = this.time.nowUs() + seconds * 1e6;
    do {
      this.time.advanceTo(Math.min(endUs, this.time.nowUs() + STEP_US));
      for (let round = 0; round < 10; round++) await new Promise(setImmediate);
    } while (this.time.nowUs() < endUs);
  }

  /** The venue's best prices become these: the book's change, or all of it, and the quote that follows. */
  async market(venue: Venue, bid: number, ask = bid + 1, keyframe = false): Promise<void> {
    const before = this.books[venue];
    this.books[venue] = { id: before.id + 1, bid, ask };
    this.bus.publish(subjects.market('book', marketOf(venue)), bytesOf(this.bookOf(venue, keyframe ? null : before)));
    this.quote(venue);
    await this.pass(0.02);
  }

  /** A change that arbitrage never hears. */
  lose(venue: Venue): void {
    this.books[venue].id++;
  }

  quote(venue: Venue, trust: number = Trust.synced): void {
    const { priceScale, sizeScale } = marketOf(venue);
    const { bid, ask } = this.books[venue];
    const row = this.rowOf(venue, RowKind.quote, QUOTE_COLUMNS);
    row[Quote.bidPrice] = row[Quote.depthBidPrice] = bid * 10 ** priceScale;
    row[Quote.askPrice] = row[Quote.depthAskPrice] = ask * 10 ** priceScale;
    row[Quote.bidSize] = row[Quote.askSize] = row[Quote.depthBidSize] = row[Quote.depthAskSize] = this.sizeOf(sizeScale);
    row[Quote.trust] = trust;
    row[Quote.changedAtUs] = row[Quote.provenAtUs] = this.time.nowUs();
    this.bus.publish(subjects.market('quote', marketOf(venue)), bytesOf(row));
  }

  /** Gives the keyframes that were asked for. */
  async answer(): Promise<void> {
    this.asked.length = 0;
    for (const give of this.answers.splice(0)) give();
    await this.pass(0);
  }

  opportunities(): Promise<Opportunity[]> {
    return this.read(STREAMS.signals, (bytes) => decodeJson(opportunitySchema, bytes));
  }

  intents(): Promise<Intent[]> {
    return this.read(STREAMS.intents, (bytes) => decodeJson(intentSchema, bytes));
  }

  /** Risk refuses the intent. */
  async refuse(intent: Intent): Promise<void> {
    const refusals = [{ code: 'EDGE_GONE', detail: 'the market moved' }];
    const refused = { kind: 'refused', intent, refusals, atUs: this.time.nowUs() };
    await this.bus.as('risk').streams.append(subjects.refused(ACCOUNT), encodeJson(refused), { id: intent.id });
    await this.pass(0);
  }

  /** Execution has finished the intent's plan. */
  async finish(intent: Intent, total: string): Promise<void> {
    const result = {
      intentId: intent.id, approvalId: `approval-${intent.id}`, account: ACCOUNT, strategy: intent.strategy, revision: 1, fillCount: 2, outcome: 'completed',
      currency: 'USDT', spread: total, slippage: '0', fees: '0', otherFees: {}, exitCost: '0', held: '0', total, passedOver: {}, uneven: null, dust: null,
      finishedAtUs: this.time.nowUs(),
    };
    await this.bus.as('execution').streams.append(subjects.result(ACCOUNT), encodeJson(result), { id: intent.id });
    await this.pass(0);
  }

  /** One level a side: all of the book, or the change of the one before. */
  private bookOf(venue: Venue, before: Prices | null): Row {
    const { priceScale, sizeScale } = marketOf(venue);
    const { id, bid, ask } = this.books[venue];
    const sideOf = (now: number, old = now): number[] => [...(old === now ? [] : [old * 10 ** priceScale, 0]), now * 10 ** priceScale, this.sizeOf(sizeScale)];
    const [bids, asks] = [sideOf(bid, before?.bid), sideOf(ask, before?.ask)];
    const row = this.rowOf(venue, RowKind.book, BOOK_COLUMNS + bids.length + asks.length);
    row[BookChange.firstId] = row[BookChange.lastId] = id;
    row[BookChange.previousId] = id - 1;
    row[BookChange.keyframe] = before === null ? 1 : 0;
    row[BookChange.trust] = Trust.synced;
    row[BookChange.bidCount] = bids.length / LEVEL_COLUMNS;
    row[BookChange.askCount] = asks.length / LEVEL_COLUMNS;
    row.set([...bids, ...asks], BOOK_COLUMNS);
    return row;
  }

  private rowOf(venue: Venue, kind: RowKind, columns: number): Row {
    const row = new Float64Array(columns);
    row[Quote.layout] = layoutOf(kind);
    row[Quote.connection] = venue === 'okx' ? 2 : 1;
    row[Quote.frame] = row[Quote.sequence] = ++this.told;
    row[Quote.receivedAtUs] = this.time.nowUs();
    row[Quote.specificationVersion] = marketOf(venue).version;
    return row;
  }

  /** Different each time, so that whoever waits for news of a level gets some. */
  private sizeOf(sizeScale: number): number {
    return 10 ** sizeScale + this.told;
  }

  private async read<T>(stream: string, decode: (bytes: Uint8Array) => T): Promise<T[]> {
    const found: T[] = [];
    for await (const { bytes } of this.bus.as('gateway').streams.read(stream, {})) found.push(decode(bytes));
    return found;
  }
}

const bytesOf = (row: Row): Uint8Array => bytesOfRow(row, row.length);
