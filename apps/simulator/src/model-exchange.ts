import {
  MarketModel, type BookDelta, type Fault, type InstrumentMarket, type MarketSink, type ModelTrade, type PhaseName,
  type Scenario,
} from '@parallax/market-model';
import { ParallaxError, type Clock, type Timers } from '@parallax/types';
import { ModelVenue } from './model-venue.js';
import { protocolFor, type Dialects } from './venues/index.js';

const SECOND_US = 1_000_000;
/** After a longer sleep of the process the market goes on from where it stood, at the time that it is. */
const LONGEST_CATCH_UP_US = 5 * SECOND_US;

/** The market model at work: steps in real time, venues that listen, faults at their hour. */
export class ModelExchange implements MarketSink {
  readonly venues: ReadonlyMap<string, ModelVenue>;
  readonly model: MarketModel;
  phase: PhaseName = 'calm';
  private readonly dueFaults: Scenario['faults'];
  private nextSecondUs: number;
  private cancelTimer: (() => void) | null = null;

  constructor(
    readonly scenario: Scenario,
    dialects: Dialects,
    private readonly clock: Clock,
    private readonly timers: Timers,
  ) {
    const startUs = Math.floor(clock.nowUs() / 1000) * 1000;
    this.model = new MarketModel(scenario, startUs, this);
    this.venues = new Map(scenario.venues.map(({ venue }) => {
      const markets = this.model.markets.filter((market) => market.venue.venue === venue);
      return [venue, new ModelVenue(venue, markets, protocolFor(venue, dialects), clock)];
    }));
    this.dueFaults = scenario.faults.toSorted((left, right) => left.atSeconds - right.atSeconds);
    this.nextSecondUs = startUs + SECOND_US;
  }

  start(): void {
    this.cancelTimer = this.timers.after(this.scenario.stepMs, () => {
      this.advance(this.clock.nowUs());
      this.start();
    });
  }

  stop(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
  }

  /** Brings the market to `nowUs`; `start` does so at every step. */
  advance(nowUs: number): void {
    const behindUs = nowUs - this.model.wakeAtUs;
    if (behindUs > LONGEST_CATCH_UP_US) {
      this.model.delay(behindUs);
      this.nextSecondUs += behindUs;
    }
    while (this.nextSecondUs <= nowUs) {
      this.model.step(this.nextSecondUs);
      for (const venue of this.venues.values()) venue.onSecond(this.nextSecondUs);
      while (this.dueFaults.length > 0 && this.dueFaults[0].atSeconds <= this.model.elapsedSeconds) {
        this.addFault(this.dueFaults.shift()!);
      }
      this.nextSecondUs += SECOND_US;
    }
    this.model.step(nowUs);
  }

  /** @throws ParallaxError `CONFIG_REFUSED` when the scenario has no such venue or symbol. */
  addFault(fault: Fault): void {
    const venue = this.venues.get(fault.venue);
    if (!venue) throw new ParallaxError('CONFIG_REFUSED', `fault: venue: no venue "${fault.venue}"`, { place: 'venue' });
    if (fault.symbol !== undefined && !venue.markets.some((each) => each.specification.symbol === fault.symbol)) {
      throw new ParallaxError('CONFIG_REFUSED', `fault: symbol: ${fault.venue} has no "${fault.symbol}"`, { place: 'symbol' });
    }
    venue.addFault(fault, this.clock.nowUs());
  }

  onTrades(market: InstrumentMarket, trades: readonly ModelTrade[], atUs: number): void {
    this.venues.get(market.venue.venue)!.onTrades(market, trades, atUs);
  }

  onQuote(market: InstrumentMarket, atUs: number): void {
    this.venues.get(market.venue.venue)!.onQuote(market, atUs);
  }

  onBook(market: InstrumentMarket, delta: BookDelta, atUs: number): void {
    this.venues.get(market.venue.venue)!.onBook(market, delta, atUs);
  }

  onMark(market: InstrumentMarket, atUs: number): void {
    this.venues.get(market.venue.venue)!.onMark(market, atUs);
  }

  onPhase(phase: PhaseName): void {
    this.phase = phase;
  }
}
