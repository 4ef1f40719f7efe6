import { Fetch, ingestionDefinition, IngestionService, WebSockets, type VenueSelection } from '@parallax/app-ingestion';
import { normalisationDefinition, NormalisationService } from '@parallax/app-normalisation';
import type { Fault } from '@parallax/market-model';
import { SystemRandom } from '@parallax/runtime';
import { VirtualTime } from '@parallax/simulation';
import { startSimulator, type Simulator } from '@parallax/simulator';
import type { MissingSymbol } from '@parallax/types';
import { VENUES, type FeedName } from '@parallax/venues';
import { memoryBuses, type Buses } from '../../src/compose/buses.js';
import { House } from '../../src/compose/house.js';
import { SILENT } from './replaying.js';

const START_US = 1_790_000_000_000_000;
const STEP_US = 50_000;
/** Rounds of the event loop in which whatever was sent on a socket of this machine is read, and what followed from it. */
const ROUNDS = 6;
const FEEDS: readonly FeedName[] = ['depth', 'trades', 'ticker'];

/**
 * Ingestion and normalisation on the simulator's venues over real sockets, with time in the test's hands: however slow the
 * machine is, what was sent is read before time moves on, so that minutes pass in seconds and nothing depends on speed.
 */
export class QuietMarket {
  private readonly selections: VenueSelection[];
  private ingestion!: IngestionService;
  private normalisation!: NormalisationService;

  private constructor(
    private readonly time: VirtualTime,
    readonly simulator: Simulator,
    private readonly buses: Buses,
    private readonly house: House,
    wanted: Readonly<Record<string, readonly string[]>>,
  ) {
    this.selections = Object.entries(wanted).map(([venue, symbols]) => {
      const definition = VENUES.get(venue)!;
      return { definition, symbols, feeds: FEEDS.filter((feed) => definition.feeds.includes(feed)), endpoints: simulator.venues[venue] };
    });
  }

  /** `wanted` are symbols by venue; `faults` stand before anything connects. */
  static async open(wanted: Readonly<Record<string, readonly string[]>>, faults: readonly Fault[] = []): Promise<QuietMarket> {
    const time = new VirtualTime(START_US);
    const simulator = await startSimulator({ clock: time, timers: time });
    for (const fault of faults) simulator.addFault(fault);
    const buses = await memoryBuses();
    const house = new House(async (user) => ({
      bus: await buses.as(user), clock: time, timers: time, random: new SystemRandom(), log: SILENT, instance: user,
    }));
    const market = new QuietMarket(time, simulator, buses, house, wanted);
    market.normalisation = await house.start(normalisationDefinition, (context) => new NormalisationService(context, VENUES));
    market.ingestion = await house.start(ingestionDefinition, (context) => new IngestionService(context, new WebSockets(time), new Fetch(), market.selections));
    return market;
  }

  async close(): Promise<void> {
    await this.house.stop();
    await this.simulator.stop();
    await this.buses.drain();
  }

  /** Lets time pass until it is so, at most so many seconds. */
  async until(what: string, isSo: () => boolean, seconds = 300): Promise<void> {
    const endUs = this.time.nowUs() + seconds * 1_000_000;
    while (!isSo()) {
      if (this.time.nowUs() > endUs) throw new Error(`not within ${seconds} s: ${what}; missing ${JSON.stringify(this.missing())}`);
      await this.step();
    }
  }

  async pass(seconds: number): Promise<void> {
    const endUs = this.time.nowUs() + seconds * 1_000_000;
    while (this.time.nowUs() < endUs) await this.step();
  }

  /** What ingestion misses, by venue; what may still come for the first time left out. */
  missing(): Record<string, readonly MissingSymbol[]> {
    const nowUs = this.time.nowUs();
    return Object.fromEntries(this.ingestion.venues.map((venue) => [venue.venue, venue.feed(nowUs).missing.filter(({ sinceUs }) => sinceUs !== null)]));
  }

  /** Venues of which one symbol, or any, is missing. */
  venuesMissing(symbolOf: Readonly<Record<string, string>> | null = null): string[] {
    return Object.entries(this.missing()).filter(([venue, missing]) =>
      missing.some(({ symbol }) => symbolOf === null || symbol === symbolOf[venue])).map(([venue]) => venue).toSorted();
  }

  /** The connections as they are now, by venue. */
  get connections() {
    return Object.fromEntries(this.ingestion.venues.map(({ venue, connections }) => [venue, [...connections]]));
  }

  /** Sentences of `/readyz` and keys of the troubles that stand. */
  get told(): { readonly missing: readonly string[]; readonly troubles: readonly string[] } {
    const { degraded: missing = [], troubles = [] } = this.ingestion.health();
    return { missing, troubles: troubles.map(({ key }) => key) };
  }

  /** Trust of each book, by venue and symbol. */
  get trust(): ReadonlyMap<string, string> {
    return new Map(this.normalisation.report().symbols.map(({ venue, symbol, trust }) => [`${venue} ${symbol}`, trust]));
  }

  /** How often each book was joined anew. */
  get resyncs(): ReadonlyMap<string, number> {
    return new Map(this.normalisation.report().symbols.map(({ venue, symbol, resyncs }) => [`${venue} ${symbol}`, resyncs]));
  }

  /** Keys and sentences of the troubles that normalisation tells, and how often it asked for snapshots. */
  get cures(): { readonly troubles: readonly string[]; readonly requests: number } {
    const { troubles = [], counters } = this.normalisation.health();
    return { troubles: troubles.map(({ key, summary }) => `${key}: ${summary}`), requests: counters.snapshotRequests };
  }

  get isWhole(): boolean {
    const wanted = this.selections.flatMap(({ definition, symbols }) => symbols!.map((symbol) => `${definition.id} ${symbol}`));
    return this.told.missing.length === 0 && wanted.every((book) => this.trust.get(book) === 'synced');
  }

  private async step(): Promise<void> {
    this.time.advanceTo(this.time.nowUs() + STEP_US);
    for (let round = 0; round < ROUNDS; round++) await new Promise(setImmediate);
  }
}
