import { arbitrageDefinition, arbitrageOf } from '@parallax/app-arbitrage';
import { executionDefinition, executionOf } from '@parallax/app-execution';
import { ingestionDefinition, IngestionService, type VenueSelection } from '@parallax/app-ingestion';
import { normalisationDefinition, NormalisationService } from '@parallax/app-normalisation';
import { paperVenueDefinition, paperVenuesOf } from '@parallax/app-paper-venue';
import { RegimeService, regimeDefinition } from '@parallax/app-regime';
import { riskDefinition, riskOf } from '@parallax/app-risk';
import { createMemoryBus, type Bus, type MemoryBus } from '@parallax/bus';
import { settingsOf, type Environment } from '@parallax/config';
import { DEFAULT_MONITORING_CONFIGURATION, monitoringDefinition, MonitoringService } from '@parallax/monitoring';
import { watched, type Service } from '@parallax/runtime';
import { VirtualTime } from '@parallax/simulation';
import { ModelExchange } from '@parallax/simulator';
import { seeded } from '@parallax/testing';
import type { HttpClient, HttpReply, Random, Socket, SocketFactory, SocketHandlers } from '@parallax/types';
import { VENUES, type FeedName } from '@parallax/venues';
import { TOPOLOGY } from '@parallax/wire';
import { House } from '../../src/compose/house.js';
import { SILENT } from './replaying.js';

const START_US = 1_790_000_000_000_000;
const STEP_US = 5_000;
const NETWORK_MS = 3;
/** Rounds of the event loop in which whatever one step led to has come to its end. */
const ROUNDS = 12;
const FEEDS: readonly FeedName[] = ['depth', 'trades', 'ticker'];

/** The simulator's venues behind no network: what is sent arrives so many milliseconds later, in order. */
class ModelNetwork implements SocketFactory, HttpClient {
  constructor(private readonly exchange: ModelExchange, private readonly time: VirtualTime) {}

  open(address: string, handlers: SocketHandlers): Socket {
    const { venue, path, query } = this.placeOf(address);
    let open = true;
    const later = (run: () => void): void => void this.time.after(NETWORK_MS, () => open && run());
    const end = (code: number, reason: string): void => later(() => {
      open = false;
      connection?.onClose();
      handlers.onClose(code, reason);
    });
    let connection: ReturnType<typeof venue.open> = null;
    later(() => {
      const send = (data: string | Buffer): void => later(() => handlers.onFrame(Buffer.from(data), this.time.nowUs()));
      connection = venue.open(path, query, { send, close: end, cut: () => end(1006, 'cut') });
      handlers.onOpen();
    });
    return { send: (text) => later(() => connection?.onText(text)), close: () => end(1000, '') };
  }

  async get(address: string): Promise<HttpReply> {
    const { venue, path, query } = this.placeOf(address);
    const { status, headers = {}, body } = (await venue.rest(path, query)) ?? { status: 404, body: {} };
    return { status, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
  }

  private placeOf(address: string) {
    const { pathname, searchParams: query } = new URL(address);
    const [, name, ...rest] = pathname.split('/');
    return { venue: this.exchange.venues.get(name)!, path: `/${rest.join('/')}`, query };
  }
}

/** Draws that are the same every time. */
function sameEveryTime(): Random {
  const next = seeded(1);
  return { next, id: (bytes) => Array.from({ length: bytes }, () => Math.floor(next() * 256).toString(16).padStart(2, '0')).join('') };
}

/**
 * Every service, the bus between them and the default simulated market in one process and in virtual time: minutes pass in
 * seconds, and nothing depends on how fast the machine is.
 */
export class VirtualHouse {
  private readonly house: House;

  private constructor(private readonly time: VirtualTime, private readonly bus: MemoryBus, random: Random) {
    this.house = new House(async (user) => watched({ bus: bus.as(user), clock: time, timers: time, random, log: SILENT, instance: 'virtual' }, user));
  }

  /** The scenario is the default one; the environment gives the settings, as for `npm start`. */
  static async open(environment: Environment, scenario: ModelExchange['scenario']): Promise<VirtualHouse> {
    const time = new VirtualTime(START_US);
    const random = sameEveryTime();
    const virtual = new VirtualHouse(time, await createMemoryBus(TOPOLOGY, { ports: { clock: time, timers: time, random } }), random);
    const { house } = virtual;
    const settings = { ...settingsOf(environment, VENUES), stateDirectory: null };
    const exchange = new ModelExchange(scenario, { okxChecksum: 'zero', krakenNumbers: 'full' }, time, time);
    const network = new ModelNetwork(exchange, time);
    const selections = settings.venues.map((venue): VenueSelection => {
      const definition = VENUES.get(venue)!;
      const feeds = FEEDS.filter((feed) => definition.feeds.includes(feed));
      return { definition, symbols: null, feeds, endpoints: { stream: `ws://model/${venue}`, rest: `http://model/${venue}` } };
    });
    const monitoring = { ...DEFAULT_MONITORING_CONFIGURATION, port: null };
    await virtual.begin(house.start(monitoringDefinition, (context) => new MonitoringService({ ...context, configuration: monitoring })));
    await virtual.begin(house.start(normalisationDefinition, (context) => new NormalisationService(context, VENUES)));
    await virtual.begin(house.start(regimeDefinition, (context) => new RegimeService(context)));
    await virtual.begin(house.start(paperVenueDefinition, (context) => paperVenuesOf(context, settings)));
    await virtual.begin(house.start(riskDefinition, (context) => riskOf(context, settings)));
    await virtual.begin(house.start(executionDefinition, (context) => executionOf(context, settings)));
    await virtual.begin(house.start(arbitrageDefinition, (context) => arbitrageOf(context, settings)));
    await virtual.begin(house.start(ingestionDefinition, (context) => new IngestionService(context, network, network, selections)));
    exchange.start();
    return virtual;
  }

  /** What time it is in the house, in microseconds. */
  nowUs(): number {
    return this.time.nowUs();
  }

  /** The bus as the gateway hears it. */
  listen(): Bus {
    return this.bus.as('gateway');
  }

  async pass(seconds: number): Promise<void> {
    const endUs = this.time.nowUs() + seconds * 1_000_000;
    while (this.time.nowUs() < endUs) await this.step();
  }

  async close(): Promise<void> {
    await this.begin(this.house.stop());
    await this.bus.drain();
  }

  private async begin(work: Promise<Service | void>): Promise<void> {
    const state = { pending: true };
    const done = work.finally(() => void (state.pending = false));
    while (state.pending) await this.step();
    await done;
  }

  private async step(): Promise<void> {
    this.time.advanceTo(this.time.nowUs() + STEP_US);
    for (let round = 0; round < ROUNDS; round++) await new Promise(setImmediate);
  }
}
