import { executionDefinition, executionOf } from '@parallax/app-execution';
import { paperVenueDefinition, paperVenuesOf } from '@parallax/app-paper-venue';
import type { Bus } from '@parallax/bus';
import { settingsOf } from '@parallax/config';
import { publishInstruments, SystemRandom, type Service } from '@parallax/runtime';
import { SlowTime, until } from '@parallax/testing';
import { BOOK_COLUMNS, BookChange, Column, layoutOf, RowKind, type PlanResult, type ServiceHealth } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { bytesOfRow, decodeJson, encodeJson, planResultSchema, STREAMS, subjects } from '@parallax/wire';
import type { Buses } from '../../src/compose/buses.js';
import { House } from '../../src/compose/house.js';
import { isWhole } from './is-whole.js';
import { SILENT } from './replaying.js';

const TRADED = ['binance', 'okx'] as const;
const SYMBOL = 'BTC/USDT';
const SPECIFICATIONS = TRADED.map((venue) => VENUES.get(venue)!.catalogue.find(({ symbol }) => symbol === SYMBOL)!).map((one) => ({
  ...one, status: 'trading' as const,
}));

/** An order on its way is void after a second, a lease sooner: a busy machine must not lose them. */
const SLOWER = 5;

/** Execution and the paper venues as they are put together live, on a market of two books; risk's word is the test's. */
export class PaperTrading {
  private readonly time = new SlowTime(SLOWER);
  private readonly stops: (() => void)[] = [];
  private readonly services: Service[] = [];
  private readonly house: House;

  private constructor(private readonly risk: Bus, private readonly gateway: Bus, private readonly buses: Buses) {
    const { time } = this;
    this.house = new House(async (user) => ({
      bus: await buses.as(user), clock: time, timers: time, random: new SystemRandom(), log: SILENT, instance: 'test',
    }));
  }

  static async open(buses: Buses, stateDirectory: string): Promise<PaperTrading> {
    const trading = new PaperTrading(await buses.as('risk'), await buses.as('gateway'), buses);
    const settings = { ...settingsOf({ VENUES: TRADED.join(',') }, VENUES), stateDirectory };
    await publishInstruments(await buses.as('ingestion'), SPECIFICATIONS);
    await trading.market(await buses.as('normalisation'));
    trading.services.push(
      await trading.house.start(paperVenueDefinition, (context) => paperVenuesOf(context, settings)),
      await trading.house.start(executionDefinition, (context) => executionOf(context, settings)),
    );
    await until(() => trading.services.every((service) => isWhole(service.health())), () => JSON.stringify(trading.health()));
    return trading;
  }

  health(): ServiceHealth[] {
    return this.services.map((service) => service.health());
  }

  /** Buys at binance and sells at okx, at once and at any price; what the plan came to, and its orders' reasons. */
  async trade(id: string): Promise<{ outcome: PlanResult['outcome']; reasons: string[] }> {
    const nowUs = this.time.nowUs();
    const leg = (number: number, venue: string, side: string, price: string) => ({ leg: number, venue, symbol: SYMBOL, side, type: 'limit', timeInForce: 'IOC', price, size: '0.01' });
    const plan = { legs: [leg(0, 'binance', 'buy', '70000'), leg(1, 'okx', 'sell', '50000')], exits: [], currency: 'USDT', notional: '700' };
    const times = { createdAtUs: nowUs, expiresAtUs: nowUs + 120_000_000 };
    const intent = { id, account: 'paper', strategy: 's', kind: 'arbitrage', opportunityId: 'o', plan, expectedNet: '0', ...times };
    const approval = { kind: 'approved', id: `approval-1-${id}`, intent, plan, reserved: '700', scaledBy: '1', epoch: 1, atUs: nowUs, expiresAtUs: times.expiresAtUs };
    await this.risk.streams.append(subjects.approved('paper'), encodeJson(approval), { id });
    const result = await until(async () => {
      for await (const { bytes } of this.gateway.streams.read(STREAMS.results, {})) {
        const found = decodeJson(planResultSchema, bytes);
        if (found.intentId === id) return found;
      }
      return undefined;
    }, () => JSON.stringify(this.health()));
    const reasons: string[] = [];
    for await (const { bytes } of this.gateway.streams.read(STREAMS.orders, {})) {
      const order = JSON.parse(Buffer.from(bytes).toString()) as { intentId: string; reason: string | null };
      if (order.intentId === id && order.reason) reasons.push(order.reason);
    }
    return { outcome: result.outcome, reasons };
  }

  /** Lets go of everything, the bus too. */
  async close(): Promise<void> {
    await this.house.stop();
    for (const stop of this.stops) stop();
    await this.buses.drain();
  }

  /** Books that are told whole again and again, their sizes ever different, so that nothing stays taken. */
  private async market(normalisation: Bus): Promise<void> {
    let told = 0;
    const tell = (): void => {
      told++;
      for (const specification of SPECIFICATIONS) {
        const { priceScale, sizeScale, version } = specification;
        const row = new Float64Array(BOOK_COLUMNS + 4);
        row[Column.layout] = layoutOf(RowKind.book);
        row[Column.specificationVersion] = version;
        row[BookChange.lastId] = told;
        row[BookChange.keyframe] = row[BookChange.trust] = row[BookChange.bidCount] = row[BookChange.askCount] = 1;
        const size = (5 + (told % 7)) * 10 ** sizeScale;
        row.set([60_000 * 10 ** priceScale, size, 60_001 * 10 ** priceScale, size], BOOK_COLUMNS);
        normalisation.publish(subjects.market('book', specification), bytesOfRow(row, row.length));
      }
    };
    const telling = setInterval(tell, 100);
    const alive = setInterval(() => this.risk.publish(subjects.riskAlive(), new Uint8Array()), 100);
    this.stops.push(() => clearInterval(telling), () => clearInterval(alive));
  }
}
