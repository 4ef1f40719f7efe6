import { arbitrageDefinition, arbitrageOf } from '@parallax/app-arbitrage';
import { executionDefinition, executionOf } from '@parallax/app-execution';
import { ingestionDefinition, IngestionService } from '@parallax/app-ingestion';
import { normalisationDefinition, NormalisationService } from '@parallax/app-normalisation';
import { paperVenueDefinition, paperVenuesOf } from '@parallax/app-paper-venue';
import { regimeDefinition, RegimeService } from '@parallax/app-regime';
import { riskDefinition, riskOf } from '@parallax/app-risk';
import { settingsOf } from '@parallax/config';
import { SystemRandom, type Service } from '@parallax/runtime';
import type { ProcessTracing } from '@parallax/telemetry';
import { SlowTime, until } from '@parallax/testing';
import { VENUES } from '@parallax/venues';
import type { Buses } from '../../src/compose/buses.js';
import { House } from '../../src/compose/house.js';
import { isWhole } from './is-whole.js';
import { ScriptedMarket } from './scripted-market.js';

/** An intent lives for a second and a half, a lease for less: a busy machine must not lose them. */
const SLOWER = 10;
/** Half a minute of this time is five: here the first price says that the market is calm. */
const EARLY = { minimumCoverage: 1 / 60 };

/** Every service on the way of a frame, over the given bus, between a scripted market and paper venues. */
export class TracedSystem {
  readonly time = new SlowTime(SLOWER);
  readonly market = new ScriptedMarket(this.time);
  readonly problems: string[] = [];
  readonly services: Service[] = [];
  private readonly house: House;

  private constructor(buses: Buses, readonly tracing: ProcessTracing) {
    const say = (message: string, fields?: object): void => void this.problems.push(`${message} ${JSON.stringify(fields ?? {})}`);
    this.house = new House(async (user) => ({
      bus: await buses.as(user), clock: this.time, timers: this.time, random: new SystemRandom(),
      log: { info: () => {}, warn: say, error: say }, instance: 'test', tracing: tracing.of(user),
    }));
  }

  static async open(buses: Buses, tracing: ProcessTracing): Promise<TracedSystem> {
    const system = new TracedSystem(buses, tracing);
    const { house, market } = system;
    const settings = { ...settingsOf({ VENUES: 'okx,coinbase', FEES: '0', MIN_EDGE_BPS: '5', QUOTE_MAX_AGE_MS: '60000', REGIME_MAX_AGE_MS: '60000' }, VENUES), stateDirectory: null };
    system.services.push(
      await house.start(normalisationDefinition, (context) => new NormalisationService(context, VENUES)),
      await house.start(regimeDefinition, (context) => new RegimeService(context, EARLY)),
      await house.start(paperVenueDefinition, (context) => paperVenuesOf(context, settings)),
      await house.start(riskDefinition, (context) => riskOf(context, settings)),
      await house.start(executionDefinition, (context) => executionOf(context, settings)),
      await house.start(arbitrageDefinition, (context) => arbitrageOf(context, settings)),
      await house.start(ingestionDefinition, (context) => new IngestionService(context, market, market, market.selections)),
    );
    return system;
  }

  /** Moves sizes behind the best prices until every service is ready and nothing is amiss, and risk has heard what regime stands. */
  async ready(): Promise<void> {
    const moved = (seen: () => boolean, what: string): Promise<true> => until(() => {
      this.move();
      return seen();
    }, () => `${what}: ${this.problems.join('\n')} ${JSON.stringify(this.services.map((service) => service.health()))}`);
    await moved(() => this.services.every((service) => isWhole(service.health())), 'every service is ready');
    await moved(() => this.counterOf('regime', 'known') === this.market.selections.length, 'every regime is known');
    const heard = this.counterOf('risk', 'regimes');
    await moved(() => this.counterOf('risk', 'regimes') >= heard + this.market.selections.length, 'risk hears the regimes');
  }

  private counterOf(service: string, counter: string): number {
    return this.services.find(({ name }) => name === service)!.health().counters[counter];
  }

  /** Sizes behind the best prices change at both venues, so that no connection seems dead and no book silent. */
  move(): void {
    this.market.update('okx');
    this.market.update('coinbase');
  }

  /** Resolves when arbitrage has taken in what the market said so far. */
  async atRest(): Promise<void> {
    const { market } = this;
    const [normalisation] = this.services as [NormalisationService];
    const sum = (what: 'frames' | 'quotes'): number => normalisation.report().symbols.reduce((total, symbol) => total + symbol[what], 0);
    const heard = (): number => this.counterOf('arbitrage', 'quotes');
    await until(() => sum('frames') >= market.told && heard() === sum('quotes'), () => `of ${market.told} frames ${sum('frames')} are read, of ${sum('quotes')} quotes arbitrage has heard ${heard()}\n${this.told()}`);
  }

  /** What went wrong so far, for the message of a test that fails. */
  told(): string {
    return [...this.problems, ...this.services.map((service) => JSON.stringify(service.health()))].join('\n');
  }

  async stop(): Promise<void> {
    await this.house.stop();
    await this.tracing.close();
  }
}
