import { connectNats, natsConfiguration, passwordVariable, provision, PROVISIONER, readIdentity, type Bus } from '@parallax/bus';
import { LadderBook } from '@parallax/book';
import { ConstantLatency, JournalChain, PaperVenue, RateFees, readJournal, riskAverseQueue, type JournalRecord } from '@parallax/simulation';
import { startNatsServer, type NatsServer } from '@parallax/testing';
import {
  BOOK_COLUMNS, BookChange, Column, InstrumentTable, layoutOf, RowKind, type CancelOutcome, type Fill, type InstrumentSpecification,
  type Order, type OrderOutcome, type PlaceOutcome,
} from '@parallax/types';
import { BUCKETS, BUS_IDENTITY, decodeJson, encodeJson, fillSchema, orderSchema, STREAMS, subjects, token, TOPOLOGY, venueCallSchema } from '@parallax/wire';
import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PASSWORD = 'test';
export const VENUES = ['binance', 'okx', 'kraken'] as const;
const specificationOf = (venue: string): InstrumentSpecification => ({
  venue, symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 2, sizeScale: 3, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
  status: 'trading', version: 1, source: 'catalogue',
});

/** A real nats-server, paper venues with journals in files outside the execution process, and a pretended risk service. */
export class Arena {
  private readonly stops: (() => void | Promise<void>)[] = [];
  private books = 0;
  private readonly children: ChildProcess[] = [];
  /** Orders that a venue refused because they came too late, by client id. */
  readonly cameTooLate = new Set<string>();
  private readonly folder = mkdtempSync(join(tmpdir(), 'parallax-kill-'));
  private readonly instruments = new InstrumentTable();
  private readonly venues = new Map<string, PaperVenue>();
  private constructor(
    private readonly server: NatsServer,
    readonly risk: Bus,
    private readonly reader: Bus,
    private readonly execution: Bus,
  ) {}

  static async open(): Promise<Arena> {
    const environment = Object.fromEntries(
      [PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)].map((user) => [passwordVariable(user), PASSWORD]),
    );
    const server = await startNatsServer({
      config: (port, storeDirectory) => natsConfiguration(TOPOLOGY, { port, storeDirectory }), environment,
    });
    const as = (user: string): Promise<Bus> =>
      connectNats({ servers: `127.0.0.1:${server.port}`, user, password: PASSWORD, name: user, topology: TOPOLOGY });
    await provision({ servers: `127.0.0.1:${server.port}`, user: PROVISIONER, password: PASSWORD, name: 'provisioner' }, TOPOLOGY);
    const [risk, reader, paper, ingestion, execution] = await Promise.all([as('risk'), as('gateway'), as('paper'), as('ingestion'), as('execution')]);
    const arena = new Arena(server, risk, reader, execution);
    const identity = await readIdentity(paper, BUS_IDENTITY);
    for (const venue of VENUES) {
      const specification = specificationOf(venue);
      arena.instruments.add(specification);
      await ingestion.state(BUCKETS.instruments).put(`${token(venue)}.${token('BTC/USDT')}`, encodeJson(specification));
      arena.openVenue(paper, venue, identity);
    }
    arena.quote();
    const alive = setInterval(() => risk.publish(subjects.riskAlive(), new Uint8Array()), 100);
    const quoting = setInterval(() => arena.quote(), 200);
    arena.stops.push(() => clearInterval(alive), () => clearInterval(quoting), ...[risk, reader, paper, ingestion, execution].map((bus) => () => bus.drain()));
    return arena;
  }

  async close(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    for (const stop of this.stops) await stop();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Starts the execution process; it dies at the `count`-th time of `step`. */
  start(step: string, count: number): ChildProcess {
    const script = fileURLToPath(new URL('./victim.ts', import.meta.url));
    const register = pathToFileURL(fileURLToPath(new URL('../../../tools/swc-register.mjs', import.meta.url))).href;
    const child = spawn(
      process.execPath,
      ['--conditions=source', '--import', register, script, String(this.server.port), PASSWORD, step, String(count)],
      { stdio: ['ignore', 'pipe', process.env.PARALLAX_TEST_LOUD ? 'inherit' : 'ignore'] },
    );
    this.children.push(child);
    return child;
  }

  /** Lets the lease of a process that is dead run out at once, however long it would be held. */
  async endLease(): Promise<void> {
    await this.execution.state(BUCKETS.leases).delete('execution.writer');
  }

  /** Fresh books, several times a second: 100.00 asked at binance, 101.00 bid elsewhere, and 0.1 BTC at 101.10. */
  private quote(): void {
    for (const [number, venue] of VENUES.entries()) {
      const row = new Float64Array(BOOK_COLUMNS + 6);
      row[Column.layout] = layoutOf(RowKind.book);
      row[Column.specificationVersion] = 1;
      row[BookChange.lastId] = ++this.books;
      row[BookChange.keyframe] = 1;
      row[BookChange.trust] = 1;
      row[BookChange.bidCount] = 2;
      row[BookChange.askCount] = 1;
      const [thin, bid, ask] = venue === 'binance' ? [9995, 9990, 10_000] : [10_110, 10_100, 10_120];
      // Sizes that never repeat, so that what was taken before counts no more.
      const depth = 1_000_000 + (this.books % 7);
      row.set([thin, 100 + (this.books % 7), bid, depth, ask, depth], BOOK_COLUMNS);
      this.venues.get(venue)!.onBook(number, row, Date.now() * 1000);
    }
  }

  journal(venue: string): JournalRecord[] {
    return readJournal(readFileSync(this.journalPath(venue))).records;
  }

  async orders(): Promise<Order[]> {
    const found: Order[] = [];
    for await (const { bytes } of this.reader.streams.read(STREAMS.orders, {})) found.push(decodeJson(orderSchema, bytes));
    return found;
  }

  async fills(): Promise<Fill[]> {
    const found: Fill[] = [];
    for await (const { bytes } of this.reader.streams.read(STREAMS.fills, {})) found.push(decodeJson(fillSchema, bytes));
    return found;
  }

  async results(): Promise<string[]> {
    const found: string[] = [];
    for await (const { bytes } of this.reader.streams.read(STREAMS.results, {})) {
      found.push((JSON.parse(Buffer.from(bytes).toString()) as { intentId: string }).intentId);
    }
    return found;
  }

  private journalPath(venue: string): string {
    return join(this.folder, `${venue}.journal`);
  }

  private openVenue(bus: Bus, venue: string, identity: string): void {
    const path = this.journalPath(venue);
    const chain = new JournalChain();
    appendFileSync(path, chain.line({ journal: venue, venue, chain: 1 }));
    const core = new PaperVenue({
      venue, identity, instruments: this.instruments, matching: { queue: riskAverseQueue, depth: 'books' },
      fees: new RateFees('0.001', '0.001'), latency: new ConstantLatency(2_000), createBook: () => new LadderBook(1),
      // Safe before it returns.
      journal: { failure: null, append: (records) => appendFileSync(path, chain.line(records), { flush: true }), whenSafe: (then) => then() },
      onReport: (order) => bus.publish(subjects.venueReport(venue), encodeJson(order)),
    });
    this.venues.set(venue, core);
    bus.subscribe(subjects.venueOrder(venue), (message) => {
      const call = decodeJson(venueCallSchema, message.bytes);
      const answer = (outcome: PlaceOutcome | CancelOutcome | OrderOutcome): void => {
        const late = outcome.kind === 'rejected' && outcome.code === 'REQUEST_TOO_OLD';
        if (call.call === 'place' && late) this.cameTooLate.add(call.request.clientId);
        message.respond(encodeJson(outcome));
      };
      const nowUs = Date.now() * 1000;
      if (call.call === 'place') core.place(call.request, answer, nowUs);
      else if (call.call === 'cancel') core.cancel(call.request, answer, nowUs);
      else if (call.call === 'order') core.order(call.account, call.clientId, answer, nowUs);
    });
    const waking = setInterval(() => core.onWake(Date.now() * 1000), 1);
    this.stops.unshift(() => clearInterval(waking));
  }
}
