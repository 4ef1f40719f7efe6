import { ParallaxError } from '@parallax/types';
import { InstrumentMarket } from './instrument-market.js';
import type { MarketSink } from './market-sink.js';
import { PhaseSchedule, type Phase } from './phase-schedule.js';
import { FadingJumps, LatentPrice, RevertingDistance } from './processes.js';
import { normal, SeededRandom } from './seeded-random.js';
import type { Behaviour, Scenario, VenueScenario } from './scenario.js';

const MARK_INTERVAL_US = 1_000_000;

interface VenueState {
  readonly scenario: VenueScenario;
  readonly offset: RevertingDistance;
  /** Dislocations, by base asset: a venue comes off in one asset at a time. */
  readonly jumps: ReadonlyMap<string, FadingJumps>;
  readonly markets: readonly InstrumentMarket[];
}

/**
 * Several venues around one latent price per asset. Pure and seeded: the same scenario and start give the same events,
 * whatever the rhythm in which `step` is called, because time advances on the scenario's own grid.
 */
export class MarketModel {
  readonly markets: readonly InstrumentMarket[];
  private readonly prices = new Map<string, LatentPrice>();
  private readonly venues: VenueState[] = [];
  private readonly schedule: PhaseSchedule;
  private readonly common: SeededRandom;
  private readonly stepUs: number;
  private steps = 0;
  private originUs: number;
  private phase: Phase | null = null;

  constructor(
    readonly scenario: Scenario,
    startUs: number,
    private readonly sink: MarketSink,
  ) {
    this.originUs = startUs;
    const random = new SeededRandom(scenario.seed);
    this.stepUs = scenario.stepMs * 1000;
    this.common = random.fork('common');
    this.schedule = new PhaseSchedule(scenario.schedule, random.fork('phases'));
    for (const asset of scenario.assets) {
      this.prices.set(asset.asset, new LatentPrice(asset, random.fork(`asset/${asset.asset}`)));
    }
    for (const venue of scenario.venues) this.venues.push(this.venueOf(venue, random.fork(`venue/${venue.venue}`)));
    this.markets = this.venues.flatMap((venue) => venue.markets);
    this.open();
  }

  /** When the next step is due. */
  get wakeAtUs(): number {
    return this.originUs + (this.steps + 1) * this.stepUs;
  }

  /** The time of the last step. */
  get nowUs(): number {
    return this.originUs + this.steps * this.stepUs;
  }

  get elapsedSeconds(): number {
    return (this.steps * this.stepUs) / 1e6;
  }

  /** Advances to the last step that is due at `nowUs`, emitting every event on the way. */
  step(nowUs: number): void {
    while (this.wakeAtUs <= nowUs) this.advance();
  }

  /** Moves all that is to come by so much: the market stood still meanwhile, as after a sleep of the machine. */
  delay(byUs: number): void {
    this.originUs += byUs;
  }

  /** @throws ParallaxError `INSTRUMENT_UNKNOWN` */
  market(venue: string, symbol: string): InstrumentMarket {
    const found = this.markets.find((each) => each.venue.venue === venue && each.specification.symbol === symbol);
    if (!found) throw new ParallaxError('INSTRUMENT_UNKNOWN', `the scenario has no ${symbol} at ${venue}`);
    return found;
  }

  private advance(): void {
    this.steps++;
    const atUs = this.originUs + this.steps * this.stepUs;
    const seconds = this.stepUs / 1e6;
    const phase = this.schedule.at(this.elapsedSeconds);
    if (phase !== this.phase) {
      this.phase = phase;
      this.sink.onPhase(phase.name, phase.direction, atUs);
    }
    const common = normal(this.common);
    for (const [asset, price] of this.prices) {
      price.advance(seconds, this.behaviourFor(asset), this.directionFor(asset), common);
    }
    for (const venue of this.venues) this.advanceVenue(venue, seconds, atUs);
  }

  private advanceVenue(venue: VenueState, seconds: number, atUs: number): void {
    venue.offset.advance(seconds);
    for (const jumps of venue.jumps.values()) jumps.advance(seconds);
    const depthDue = (atUs - this.originUs) % (venue.scenario.depthIntervalMs * 1000) === 0;
    const markDue = (atUs - this.originUs) % MARK_INTERVAL_US < this.stepUs;
    for (const market of venue.markets) {
      const { base, quote } = market.scenario;
      const jump = venue.jumps.get(base);
      const trades = market.advance(
        seconds, this.priceIn(base, quote), this.dollars(quote), venue.offset.bps + (jump?.bps ?? 0),
        this.behaviourFor(base), this.directionFor(base), atUs,
      );
      if (trades.length > 0) this.sink.onTrades(market, trades, atUs);
      if (market.takeBestChange()) this.sink.onQuote(market, atUs);
      if (depthDue) this.sink.onBook(market, market.takeDelta(), atUs);
      if (markDue && market.funding) this.sink.onMark(market, atUs);
    }
  }

  private venueOf(scenario: VenueScenario, random: SeededRandom): VenueState {
    const bases = new Set(scenario.instruments.map((each) => each.base));
    return {
      scenario,
      offset: new RevertingDistance(scenario.offset, random.fork('offset')),
      jumps: new Map([...bases].map((base) => [base, new FadingJumps(scenario.dislocation, random.fork(`jumps/${base}`))])),
      markets: scenario.instruments.map((each) => new InstrumentMarket(scenario, each, random.fork(each.symbol))),
    };
  }

  private open(): void {
    for (const market of this.markets) {
      const { base, quote } = market.scenario;
      market.open(this.priceIn(base, quote), this.dollars(quote), this.scenario.behaviours.calm, this.originUs);
    }
  }

  private priceIn(base: string, quote: string): number {
    return this.dollars(base) / this.dollars(quote);
  }

  private dollars(asset: string): number {
    return asset === 'USD' ? 1 : this.prices.get(asset)!.price;
  }

  private concerns(asset: string): boolean {
    return this.phase !== null && (this.phase.assets === null || this.phase.assets.has(asset));
  }

  private behaviourFor(asset: string): Behaviour {
    return this.scenario.behaviours[this.concerns(asset) ? this.phase!.name : 'calm'];
  }

  private directionFor(asset: string): number {
    return this.concerns(asset) ? this.phase!.direction : 1;
  }
}
