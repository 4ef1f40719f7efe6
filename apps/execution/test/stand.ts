import { createMemoryBus, type Bus, type Topology } from '@parallax/bus';
import { DEFAULT_EXECUTION_OPTIONS, type ExecutionOptions } from '@parallax/execution';
import { publishInstruments, SystemRandom, type ServiceContext } from '@parallax/runtime';
import { SlowTime } from '@parallax/testing';
import type { InstrumentSpecification, PlanExit } from '@parallax/types';
import { encodeJson, subjects, TOPOLOGY } from '@parallax/wire';
import { ExecutionService, type ExecutionExtras } from '../src/index.js';
import { TestVenue } from './test-venue.js';

const specification: InstrumentSpecification = {
  venue: 'okx', symbol: 'BTC/USDT', venueSymbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 1, sizeScale: 2, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
  status: 'trading', version: 1, source: 'catalogue',
};

/** A lease, or an order on its way, lives for less than a busy machine may stand still. */
const SLOWER = 5;

/** Execution on a bus in the process, with venues that fill whatever comes, at once, and risk that is heard. */
export class Stand {
  /** The client ids of what was sent, in order. */
  readonly placed: string[] = [];
  readonly binance: TestVenue;
  readonly okx: TestVenue;
  private readonly services: ExecutionService[] = [];
  private readonly alive: NodeJS.Timeout;

  private constructor(
    readonly bus: Awaited<ReturnType<typeof createMemoryBus>>,
    /** Of the bus, the services and the venues. */
    readonly time: SlowTime,
  ) {
    this.binance = new TestVenue('binance', time, (clientId) => this.placed.push(clientId));
    this.okx = new TestVenue('okx', time, (clientId) => this.placed.push(clientId));
    this.alive = setInterval(() => bus.publish(subjects.riskAlive(), new Uint8Array()), 50);
  }

  static async open(topology: Topology = TOPOLOGY): Promise<Stand> {
    const time = new SlowTime(SLOWER);
    const bus = await createMemoryBus(topology, { ports: { clock: time } });
    await publishInstruments(bus, ['binance', 'okx'].map((venue) => ({ ...specification, venue })));
    return new Stand(bus, time);
  }

  async close(): Promise<void> {
    for (const service of this.services) await service.stop();
    clearInterval(this.alive);
    await this.bus.drain();
  }

  /** Errors fail the test where `context` brings no log of its own. */
  service(instance: string, extras: ExecutionExtras = {}, context: Partial<ServiceContext> & { around?: (bus: Bus) => Bus } = {}, options: Partial<ExecutionOptions> = {}, venues: readonly TestVenue[] = [this.binance, this.okx]): ExecutionService {
    const log = { info: () => {}, warn: () => {}, error: (message: string, fields?: object) => { throw new Error(`${message} ${JSON.stringify(fields)}`); } };
    const { around = (bus: Bus) => bus, ...given } = context;
    const service = new ExecutionService(
      { bus: around(this.bus.as('execution')), clock: this.time, timers: this.time, random: new SystemRandom(), log, instance, ...given },
      { ...DEFAULT_EXECUTION_OPTIONS, accounts: ['main'], takerFees: {}, balances: [], ...options },
      venues.map((venue) => venue.door()),
      extras,
    );
    this.services.push(service);
    return service;
  }

  /** Buys 1 at binance and sells 1 at okx, or where else `venues` say, both at 100; holds for 60 s. */
  approve(id: string, nowUs = this.time.nowUs(), exits: readonly PlanExit[] = [], [buyAt, sellAt] = ['binance', 'okx']): Promise<unknown> {
    const leg = (number: number, venue: string, side: string) => ({ leg: number, venue, symbol: 'BTC/USDT', side, type: 'limit', timeInForce: 'IOC', price: '100', size: '1' });
    const plan = { legs: [leg(0, buyAt, 'buy'), leg(1, sellAt, 'sell')], exits, currency: 'USDT', notional: '100' };
    const times = { createdAtUs: nowUs, expiresAtUs: nowUs + 60_000_000 };
    const intent = { id, account: 'main', strategy: 's', kind: 'arbitrage', opportunityId: 'o', plan, expectedNet: '0', ...times };
    const approval = { kind: 'approved', id: `approval-${id}`, intent, plan, reserved: '100', scaledBy: '1', epoch: 1, atUs: nowUs, expiresAtUs: times.expiresAtUs };
    return this.bus.as('risk').streams.append(subjects.approved('main'), encodeJson(approval), { id });
  }

  async read(stream: string): Promise<Record<string, string>[]> {
    const found: Record<string, string>[] = [];
    for await (const { bytes } of this.bus.streams.read(stream, {})) found.push(JSON.parse(Buffer.from(bytes).toString()));
    return found;
  }
}
