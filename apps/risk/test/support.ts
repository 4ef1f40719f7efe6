import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, createMemoryBus, type MemoryBus, requestJson } from '@parallax/bus';
import { publishInstruments, type ServiceContext, type ServiceLog, SystemRandom } from '@parallax/runtime';
import { type Hosted, hostService } from '@parallax/service-host';
import { SlowTime, until } from '@parallax/testing';
import {
  type AuditEntry, type Clock, type Intent, type InstrumentSpecification, type LastValues, layoutOf, type PlanLeg, Quote, QUOTE_COLUMNS, type RegimeEvent, type RegimeName, RowKind, type Verdict,
} from '@parallax/types';
import { auditEntrySchema, bytesOfRow, decodeApproved, decodeJson, encodeJson, refusedSchema, STREAMS, subjects, TOPOLOGY } from '@parallax/wire';
import { DEFAULT_RISK_CONFIGURATION, type RiskConfiguration, riskDefinition, RiskService } from '../src/index.js';

export const ACCOUNT = 'main';
/** Leases, quotes and intents live five times as long as they do by default: a busy machine must not lose them. */
export const clock = new SlowTime(5);
/** Of requests that are answered, or refused at once. */
export const WITHIN = { timeoutMs: 60_000 };
/** What services warned of, by every test that looks. */
export const warnings: string[] = [];
const silent: ServiceLog = { info: () => {}, warn: (message) => void warnings.push(message), error: () => {} };

const specification = (venue: string): InstrumentSpecification => ({
  venue, symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 2, sizeScale: 5, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '5',
  status: 'trading', version: 1, source: 'catalogue',
});

export const SPECIFICATIONS = [specification('a'), specification('b')];

export const CONFIGURATION: RiskConfiguration = {
  ...DEFAULT_RISK_CONFIGURATION,
  accounts: [{
    account: ACCOUNT,
    limits: { cooldownUs: 0, quoteMaxAgeUs: 60_000_000, regimeMaxAgeUs: 60_000_000 },
    balances: ['a', 'b'].flatMap((venue) => [{ venue, currency: 'USDT', amount: '100000' }, { venue, currency: 'BTC', amount: '10' }]),
  }],
};

/** A memory bus in a directory, so that a second start finds what the first left. */
export class Stand {
  readonly directory = mkdtempSync(join(tmpdir(), 'parallax-risk-'));
  bus!: MemoryBus;
  private readonly running: Hosted[] = [];

  async open(): Promise<this> {
    this.bus = await createMemoryBus(TOPOLOGY, { directory: this.directory, onFault: () => {} });
    await publishInstruments(this.bus, SPECIFICATIONS);
    return this;
  }

  async start(configuration = CONFIGURATION, wrap: (bus: Bus) => Bus = (bus) => bus, lastValues?: LastValues, time: Clock = clock): Promise<RiskService> {
    const context: ServiceContext = {
      bus: wrap(this.bus.as('risk')), clock: time, timers: clock, random: new SystemRandom(), log: silent,
      instance: `risk-${this.running.length}`, ...(lastValues === undefined ? {} : { lastValues }),
    };
    const service = new RiskService({ ...context, configuration });
    this.running.push(await hostService(service, context, { module: riskDefinition.module!(service) }));
    return service;
  }

  /** Waits until the service judges and has heard quotes at which {@link intentOf} pays. */
  async ready(service: RiskService): Promise<void> {
    await until(() => service.health().ready, () => `risk is ready: ${service.health().missing.join('; ')}`);
    this.quote('a', 99_990_00, 100_000_00);
    this.quote('b', 100_500_00, 100_510_00);
    for (const { venue } of SPECIFICATIONS) this.tellRegime(venue, 'NORMAL');
    await until(() => service.health().counters.quotes >= 2 && service.health().counters.regimes >= 2, 'quotes and regimes have come');
  }

  /** What regime tells each second. */
  tellRegime(venue: string, regime: RegimeName, atUs = clock.nowUs()): void {
    this.bus.publish(subjects.standingRegime({ venue, base: 'BTC', symbol: 'BTC/USDT' }), encodeJson(regimeOf(venue, regime, atUs)));
  }

  /** `writer` is the number of the normalisation that tells it. */
  quote(venue: string, bidPrice: number, askPrice: number, writer = 0): void {
    const row = new Float64Array(QUOTE_COLUMNS);
    row[Quote.layout] = layoutOf(RowKind.quote);
    row[Quote.epoch] = writer;
    row[Quote.bidPrice] = bidPrice;
    row[Quote.askPrice] = askPrice;
    row[Quote.trust] = row[Quote.specificationVersion] = 1;
    row[Quote.receivedAtUs] = row[Quote.changedAtUs] = row[Quote.provenAtUs] = clock.nowUs();
    this.bus.publish(subjects.market('quote', { venue, base: 'BTC', symbol: 'BTC/USDT' }), bytesOfRow(row, QUOTE_COLUMNS));
  }

  async intend(intent: Intent, messageId = intent.id): Promise<void> {
    await this.bus.streams.append(subjects.intent(intent.account), encodeJson(intent), { id: messageId });
  }

  async verdicts(): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    for await (const { bytes } of this.bus.streams.read(STREAMS.approved, {})) verdicts.push(decodeApproved(bytes));
    for await (const { bytes } of this.bus.streams.read(STREAMS.refused, {})) verdicts.push(decodeJson(refusedSchema, bytes));
    return verdicts;
  }

  async audits(): Promise<AuditEntry[]> {
    const entries: AuditEntry[] = [];
    for await (const { bytes } of this.bus.streams.read(STREAMS.audit, {})) entries.push(decodeJson(auditEntrySchema, bytes));
    return entries;
  }

  /** What the gateway's user asks of risk. */
  ask(subject: string, request: object): Promise<unknown> {
    return requestJson(this.bus.as('gateway'), subject, { who: 'ada', why: 'drill', ...request }, WITHIN);
  }

  /** Ends every service and the bus, and opens the bus of the same directory anew. */
  async restart(): Promise<void> {
    await this.close(false);
    await this.open();
  }

  async close(remove = true): Promise<void> {
    for (const service of this.running.splice(0)) await service.stop();
    await this.bus.drain();
    if (remove) rmSync(this.directory, { recursive: true, force: true });
  }
}

export const regimeOf = (venue: string, regime: RegimeName, atUs = clock.nowUs()): RegimeEvent => ({
  venue, symbol: 'BTC/USDT', base: 'BTC', horizon: '1m', regime, previous: null, confidence: 1, strength: 1, enteredAtUs: 1, durationUs: 1, atUs,
  origin: { venue, connection: 1, frame: 1, receivedAtUs: 1 },
});

export function intentOf(id: string, changes: Partial<Intent> = {}): Intent {
  const nowUs = clock.nowUs();
  const leg = (number: number, venue: string, side: 'buy' | 'sell', price: string): PlanLeg => ({
    leg: number, venue, symbol: 'BTC/USDT', side, type: 'limit', timeInForce: 'IOC', price, size: '0.01',
  });
  const legs = [leg(0, 'a', 'buy', '100000.00'), leg(1, 'b', 'sell', '100500.00')];
  const exits = [
    { ...legs[1], kind: 'reverse' as const, forLeg: 0, side: 'buy' as const, price: '101000.00', costLimit: '10' },
    { ...legs[0], kind: 'reverse' as const, forLeg: 1, side: 'sell' as const, price: '99500.00', costLimit: '10' },
  ];
  return {
    id, account: ACCOUNT, strategy: 'taker', kind: 'arbitrage', opportunityId: `opportunity-${id}`,
    plan: { legs, exits, currency: 'USDT', notional: '1005' }, expectedNet: '4', createdAtUs: nowUs, expiresAtUs: nowUs + 30_000_000,
    ...changes,
  };
}

/** What one account has reserved to buy at venue `a`, in coins. */
export const reservedAt = (service: RiskService, venue = 'a'): string | undefined =>
  service.report(ACCOUNT).instruments.find((each) => each.venue === venue)?.reservedBuy;
