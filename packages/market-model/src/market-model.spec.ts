import { expect, test } from '@jest/globals';
import { defaultScenario } from './default-scenario.js';
import type { BookDelta, ModelTrade } from './events.js';
import type { InstrumentMarket } from './instrument-market.js';
import { MarketModel } from './market-model.js';
import type { MarketSink } from './market-sink.js';
import type { ModelSide } from './model-book.js';
import { FadingJumps } from './processes.js';
import { SeededRandom } from './seeded-random.js';
import { parseScenario, type PhaseName, type Scenario } from './scenario.js';

const START_US = 1_790_000_000_000_000;
const SECOND_US = 1_000_000;

class Recorder implements MarketSink {
  /** FNV-1a over all events: equal hashes, equal events. */
  hash = 0x811c9dc5;
  events = 0;
  private mix(...numbers: number[]): void {
    this.events++;
    for (const number of numbers) this.hash = Math.imul(this.hash ^ (number % 0x7fffffff), 0x01000193) >>> 0;
  }
  onTrades(_: InstrumentMarket, trades: readonly ModelTrade[], atUs: number): void {
    for (const trade of trades) this.mix(trade.id, trade.price, trade.size, trade.side, atUs);
  }
  onQuote(market: InstrumentMarket, atUs: number): void {
    this.mix(market.book.bids.best, market.book.asks.best, atUs);
  }
  onBook(_: InstrumentMarket, delta: BookDelta, atUs: number): void {
    this.mix(delta.firstId, delta.lastId, ...delta.bids, ...delta.asks, atUs);
  }
  onMark(market: InstrumentMarket, atUs: number): void {
    this.mix(market.funding!.rateE8, atUs);
  }
  onPhase(_name: PhaseName, direction: 1 | -1, atUs: number): void {
    this.mix(direction, atUs);
  }
}

function run(scenario: Scenario, seconds: number, sink: MarketSink, strideUs = SECOND_US): MarketModel {
  const model = new MarketModel(scenario, START_US, sink);
  const endUs = START_US + seconds * SECOND_US;
  for (let nowUs = START_US; nowUs < endUs; nowUs += strideUs) model.step(nowUs);
  model.step(endUs);
  return model;
}

test('the same seed gives the same events in whatever rhythm it is stepped; another seed does not', () => {
  const first = new Recorder();
  const second = new Recorder();
  const other = new Recorder();
  run(defaultScenario, 20, first, SECOND_US);
  run(defaultScenario, 20, second, 37_000);
  run({ ...defaultScenario, seed: 'another' }, 20, other);
  expect(first.events).toBeGreaterThan(5_000);
  expect(second).toEqual(first);
  expect(other.hash).not.toBe(first.hash);
});

test('a venue left out changes nothing at the others', () => {
  class OnlyOkx extends Recorder {
    override onBook(market: InstrumentMarket, delta: BookDelta, atUs: number): void {
      if (market.venue.venue === 'okx') super.onBook(market, delta, atUs);
    }
    override onTrades(): void {}
    override onQuote(): void {}
    override onMark(): void {}
  }
  const all = new OnlyOkx();
  const alone = new OnlyOkx();
  run(defaultScenario, 10, all);
  run({ ...defaultScenario, venues: defaultScenario.venues.filter((each) => each.venue === 'okx') }, 10, alone);
  expect(alone).toEqual(all);
});

function equal(levels: ReadonlyMap<number, number>, side: ModelSide): boolean {
  return levels.size === side.count && side.prices.every((price, i) => levels.get(price) === side.sizes[i]);
}

/** Rebuilds each book from its deltas alone and checks every rule that a venue promises. */
class Auditor implements MarketSink {
  readonly books = new Map<InstrumentMarket, { bids: Map<number, number>; asks: Map<number, number>; id: number }>();
  checks = 0;
  trades = 0;
  quotes = 0;
  lowest = Infinity;
  readonly phases = new Set<PhaseName>();

  begin(model: MarketModel): void {
    for (const market of model.markets) {
      const { bids, asks, updateId } = market.book;
      this.books.set(market, {
        bids: new Map(bids.prices.map((price, i) => [price, bids.sizes[i]])),
        asks: new Map(asks.prices.map((price, i) => [price, asks.sizes[i]])),
        id: updateId,
      });
    }
  }
  onTrades(market: InstrumentMarket, trades: readonly ModelTrade[]): void {
    const { priceStep, sizeStep } = market.scenario;
    for (const trade of trades) {
      this.trades++;
      if (trade.price % priceStep !== 0 || trade.size % sizeStep !== 0 || trade.size <= 0) throw new Error('off step');
    }
  }
  onQuote(market: InstrumentMarket): void {
    this.quotes++;
    if (!(market.book.bids.best < market.book.asks.best) || market.book.bids.best <= 0) throw new Error('crossed');
  }
  onBook(market: InstrumentMarket, delta: BookDelta): void {
    const book = this.books.get(market)!;
    if (delta.firstId !== book.id + 1 || delta.lastId < book.id) throw new Error('ids do not follow');
    book.id = delta.lastId;
    this.apply(book.bids, delta.bids, market);
    this.apply(book.asks, delta.asks, market);
    const { bids, asks } = market.book;
    if (!equal(book.bids, bids) || !equal(book.asks, asks)) throw new Error('deltas do not rebuild the book');
    if (bids.count !== market.venue.levels || asks.count !== market.venue.levels) throw new Error('levels are missing');
    if (!(bids.best < asks.best)) throw new Error('crossed');
    this.checks++;
  }
  onMark(): void {}
  onPhase(name: PhaseName): void {
    this.phases.add(name);
  }
  private apply(side: Map<number, number>, pairs: readonly number[], market: InstrumentMarket): void {
    for (let i = 0; i < pairs.length; i += 2) {
      if (pairs[i] % market.scenario.priceStep !== 0 || pairs[i + 1] % market.scenario.sizeStep !== 0) throw new Error('off step');
      if (!Number.isSafeInteger(pairs[i]) || !Number.isSafeInteger(pairs[i + 1])) throw new Error('not exact');
      if (pairs[i + 1] === 0) side.delete(pairs[i]);
      else side.set(pairs[i], pairs[i + 1]);
    }
  }
}

// Phases pressed into seconds, so that crash and pump are walked too, under several seeds.
const PRESSED = parseScenario({
  ...defaultScenario,
  stepMs: 50,
  schedule: {
    kind: 'fixed',
    repeat: true,
    phases: (['calm', 'violent', 'crash', 'trending', 'pump'] as const).map((name) => ({ name, seconds: 1 })),
  },
});

test.each(['a', 'b', 'c'])('deltas rebuild the books; never crossed; all on steps; ids follow (seed %s)', (seed) => {
  const auditor = new Auditor();
  const model = new MarketModel({ ...PRESSED, seed }, START_US, auditor);
  auditor.begin(model);
  for (let tick = 1; tick <= 6; tick++) model.step(START_US + tick * SECOND_US);
  expect(auditor.checks).toBeGreaterThan(1_000);
  expect(auditor.trades).toBeGreaterThan(100);
  expect([...auditor.phases].toSorted()).toEqual(['calm', 'crash', 'pump', 'trending', 'violent']);
});

/** Counts how often an edge over `bps` between two venues' spot books opens, and what the market does meanwhile. */
class EdgeWatch extends Recorder {
  opened = 0;
  closed = 0;
  private readonly open = new Set<string>();
  private readonly best = new Map<string, { bid: number; ask: number }>();
  constructor(private readonly bps: number) {
    super();
  }
  override onQuote(market: InstrumentMarket): void {
    const { venue, symbol, kind, priceScale } = market.specification;
    if (kind !== 'spot') return;
    const scale = 10 ** priceScale;
    const mine = { bid: market.book.bids.best / scale, ask: market.book.asks.best / scale };
    this.best.set(`${symbol} ${venue}`, mine);
    for (const [key, other] of this.best) {
      const [otherSymbol, otherVenue] = key.split(' ');
      if (otherSymbol !== symbol || otherVenue === venue) continue;
      this.judge(`${symbol} ${venue}>${otherVenue}`, mine.bid / other.ask);
      this.judge(`${symbol} ${otherVenue}>${venue}`, other.bid / mine.ask);
    }
  }
  private judge(name: string, ratio: number): void {
    const pays = ratio > 1 + this.bps / 1e4;
    if (pays && !this.open.has(name)) this.opened++;
    if (!pays && this.open.has(name)) this.closed++;
    if (pays) this.open.add(name);
    else this.open.delete(name);
  }
}

test('edges beyond fees of 20 bps and a margin of 20 more open and close a few times a minute', () => {
  const watch = new EdgeWatch(40);
  run(defaultScenario, 240, watch);
  const perMinute = watch.opened / 4;
  expect(perMinute).toBeGreaterThanOrEqual(2);
  expect(perMinute).toBeLessThanOrEqual(40);
  expect(watch.opened - watch.closed).toBeLessThanOrEqual(3);
});

/** How far one way the dislocations of an hour go in sum, at most: each counts one, up or down. */
function oneSidedness(dislocation: ConstructorParameters<typeof FadingJumps>[0], seed: string): number {
  const jumps = new FadingJumps(dislocation, new SeededRandom(seed));
  let [before, sum, most] = [0, 0, 0];
  for (let second = 0; second < 3600; second++) {
    jumps.advance(1);
    if (Math.abs(jumps.bps) > Math.abs(before)) sum += Math.sign(jumps.bps);
    before = jumps.bps;
    most = Math.max(most, Math.abs(sum));
  }
  return most;
}

test('dislocations of a venue turn round: an hour of them stays near even, as a coin toss would not', () => {
  const seeds = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
  const { dislocation } = defaultScenario.venues[0];
  const mean = (turning: number): number =>
    seeds.reduce((total, seed) => total + oneSidedness({ ...dislocation, turning }, seed), 0) / seeds.length;
  const [turning, tossed] = [mean(dislocation.turning), mean(0.5)];
  expect(turning).toBeGreaterThan(1);
  expect(turning).toBeLessThan(tossed / 1.5);
});

function single(name: PhaseName): Scenario {
  return parseScenario({
    ...defaultScenario, schedule: { kind: 'fixed', repeat: true, phases: [{ name, seconds: 10 }] },
  });
}

test('a crash falls, a pump rises, and perpetuals carry funding near their premium', () => {
  const moved = (name: PhaseName): number => {
    const model = run(single(name), 10, new Recorder());
    const market = model.market('binance', 'BTC/USDT');
    return market.indexPrice / 64_800 - 1;
  };
  expect(moved('crash')).toBeLessThan(-0.03);
  expect(moved('pump')).toBeGreaterThan(0.025);
  expect(Math.abs(moved('calm'))).toBeLessThan(0.005);
  const funding = run(defaultScenario, 30, new Recorder()).market('binanceusdm', 'BTC/USDT:USDT').funding!;
  expect(Math.abs(funding.rateE8)).toBeLessThanOrEqual(375_000);
  expect(funding.nextAtUs(START_US) % (8 * 3_600 * SECOND_US)).toBe(0);
});

test('seeded phases vary with the seed and stay within their bounds', () => {
  const durations: number[] = [];
  class Phases extends Recorder {
    last = START_US;
    override onPhase(_name: PhaseName, _direction: 1 | -1, atUs: number): void {
      if (atUs - this.last > 100_000) durations.push((atUs - this.last) / SECOND_US);
      this.last = atUs;
    }
  }
  run(parseScenario({
    ...defaultScenario,
    venues: defaultScenario.venues.slice(0, 1),
    schedule: { kind: 'seeded', phases: [
      { name: 'calm', weight: 2, fromSeconds: 2, toSeconds: 4 }, { name: 'violent', weight: 1, fromSeconds: 2, toSeconds: 3 },
    ] },
  }), 40, new Phases());
  expect(durations.length).toBeGreaterThan(8);
  for (const duration of durations) {
    expect(duration).toBeGreaterThanOrEqual(1.9);
    expect(duration).toBeLessThanOrEqual(4.1);
  }
});

function broken(change: (copy: any) => void): string {
  const copy = structuredClone(defaultScenario) as any;
  change(copy);
  try {
    parseScenario(copy);
  } catch (error) {
    return (error as { place: string }).place;
  }
  return 'accepted';
}

test('a scenario that cannot be is refused with its place', () => {
  expect(broken((copy) => (copy.venues[0].instruments[1].quote = 'XYZ'))).toBe('venues.0.instruments.1.quote');
  expect(broken((copy) => (copy.venues[2].depthIntervalMs = 75))).toBe('venues.2.depthIntervalMs');
  expect(broken((copy) => (copy.faults[0].kind = 'flood'))).toBe('faults.0.kind');
  expect(broken((copy) => (copy.venues[0].levels = 1.5))).toBe('venues.0.levels');
});
