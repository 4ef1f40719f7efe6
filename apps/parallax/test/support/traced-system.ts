import { arbitrageOf } from '@parallax/app-arbitrage';
import { IngestionService } from '@parallax/app-ingestion';
import { NormalisationService } from '@parallax/app-normalisation';
import { RegimeService } from '@parallax/app-regime';
import { SystemClock, SystemRandom, SystemTimers, type Service, type ServiceContext } from '@parallax/runtime';
import { ProcessTracing } from '@parallax/telemetry';
import type { ServiceName } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import type { Buses } from '../../src/compose/buses.js';
import { settingsOf } from '../../src/compose/settings.js';
import { execution, paperVenues, risk } from '../../src/compose/trading.js';
import { ScriptedMarket } from './scripted-market.js';
import { until } from './service-process.js';

/** Every service on the way of a frame, over the given bus, between a scripted market and paper venues. */
export class TracedSystem {
  readonly clock = new SystemClock();
  readonly market = new ScriptedMarket(this.clock);
  readonly problems: string[] = [];
  readonly services: Service[] = [];

  private constructor(readonly tracing: ProcessTracing) {}

  static async open(buses: Buses, tracing: ProcessTracing): Promise<TracedSystem> {
    const system = new TracedSystem(tracing);
    const settings = settingsOf({ VENUES: 'okx,coinbase', FEES: '0', MIN_EDGE_BPS: '5' }, VENUES);
    const say = (message: string, fields?: object): void => void system.problems.push(`${message} ${JSON.stringify(fields ?? {})}`);
    const context = async (user: ServiceName): Promise<ServiceContext> => ({
      bus: await buses.as(user), clock: system.clock, timers: new SystemTimers(), random: new SystemRandom(),
      log: { info: () => {}, warn: say, error: say }, instance: 'test', tracing: tracing.of(user),
    });
    system.services.push(
      new NormalisationService(await context('normalisation'), VENUES),
      new RegimeService(await context('regime')),
      paperVenues(await context('paper'), settings, null).service,
      risk(await context('risk'), settings, 'shared'),
      execution(await context('execution'), settings),
      arbitrageOf(await context('arbitrage'), settings),
      new IngestionService(await context('ingestion'), system.market, system.market, system.market.selections),
    );
    for (const service of system.services) await service.start();
    return system;
  }

  /** Moves sizes behind the best prices until every service says that it is ready. */
  async ready(): Promise<void> {
    await until(() => {
      this.market.update('okx');
      this.market.update('coinbase');
      return this.services.every((service) => service.health().ready);
    }, 20_000, () => `${this.problems.join('\n')} ${JSON.stringify(this.services.map((service) => service.health().missing))}`);
  }

  /** What went wrong so far, for the message of a test that fails. */
  told(): string {
    return [...this.problems, ...this.services.map((service) => JSON.stringify(service.health()))].join('\n');
  }

  async stop(): Promise<void> {
    for (const service of this.services.toReversed()) await service.stop();
    await this.tracing.close();
  }
}
