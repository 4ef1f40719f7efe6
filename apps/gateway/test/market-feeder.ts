import type { Bus } from '@parallax/bus';
import {
  layoutOf, Quote, QUOTE_COLUMNS, RowKind, BookChange, BOOK_COLUMNS, type DeadLetter, type Fill, type InstrumentSpecification, type Intent,
  type DustAmount, type LimitDifference, type OpenLot, type Opportunity, type Order, type Passed, type Position, type Profit, type ProfitCause, type Refused, type RegimeEvent, type RiskAlive,
  type Alert, type MarketSource, type ServiceHealth, type ServiceName, type VenueHealth,
} from '@parallax/types';
import { BUCKETS, bytesOfRow, encodeJson, subjects, token } from '@parallax/wire';

export const START_US = 1_760_000_000_000_000;
const VENUES = ['binance', 'okx', 'kraken', 'coinbase'];
const BASES: readonly [string, number][] = [['BTC', 6_500_000], ['ETH', 312_000], ['SOL', 15_000]];

export function specificationOf(venue: string, base: string): InstrumentSpecification {
  return {
    venue, symbol: `${base}/USDT`, venueSymbol: `${base}USDT`, base, quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
    contractSize: '1', priceScale: 2, sizeScale: 5, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '5',
    status: 'trading', version: 1, source: 'listing',
  };
}

/** A small seeded market that speaks to the bus as the services would: for tests and for looking at the page. */
export class MarketFeeder {
  private seed = 7;
  private step = 0;
  private frame = 0;
  private readonly prices = new Map<string, number>();
  private open: Opportunity[] = [];
  private opportunities = 0;
  private readonly positions = new Map<string, Position>();
  /** Whether ticks open and close opportunities. */
  findsByItself = true;
  private readonly causes: Record<ProfitCause, number> = { spread: 0, slippage: 0, exitCost: 0, fees: 0, evened: 0 };
  private plans = 0;
  private fills = 0;
  /** What execution says of what stands alone. */
  lots: readonly OpenLot[] = [];
  dust: readonly DustAmount[] = [];
  /** What risk says with its next sign of life. */
  limitDifferences: readonly LimitDifference[] = [];
  /** What ingestion says of the market; undefined: nothing. */
  market: MarketSource | undefined = 'simulated';
  /** Services that say nothing any more, as if they were killed. */
  readonly silent = new Set<ServiceName>();
  /** What services say they lack. */
  readonly lacks = new Map<ServiceName, string>();
  /** What monitoring tells, again and again. */
  alerts: readonly Alert[] = [];
  /** Instruments whose prices have many digits, beside the others. */
  readonly longPrices: { readonly specification: InstrumentSpecification; readonly price: number }[] = [];

  constructor(
    private readonly bus: Bus,
    private readonly nowUs: () => number,
  ) {}

  random(): number {
    this.seed = (this.seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return this.seed / 2_147_483_648;
  }

  async list(): Promise<void> {
    for (const venue of VENUES) {
      for (const [base, price] of BASES) {
        const specification = specificationOf(venue, base);
        const key = `${token(venue)}.${token(specification.symbol)}`;
        await this.bus.state(BUCKETS.instruments).put(key, encodeJson(specification));
        this.prices.set(`${venue}:${base}`, price);
      }
    }
    await this.bus.state(BUCKETS.limits).put('paper', encodeJson({ currency: 'USDT', capital: '100000', maxOrderNotional: '10000' }));
    await this.deadLetter(1, 'ETH/USDT', '{"s":"ETHUSDT","b":"x"}');
    await this.deadLetter(2, null, '{"s":"ethusdt"');
    await this.deadLetter(3, 'BTC/USDT', `{"s":"BTCUSDT","rest":"${'x'.repeat(5_000)}"}`);
    this.bus.subscribe('venue.keyframe.*', (message) => {
      const { symbol } = JSON.parse(new TextDecoder().decode(message.bytes));
      const venue = message.subject.split('.')[2];
      message.respond(this.book(this.prices.get(`${venue}:${symbol.split('/')[0]}`)!));
    });
  }

  /** Lists an instrument whose price, in its smallest units, is told with each tick. */
  async listLong(specification: InstrumentSpecification, price: number): Promise<void> {
    await this.bus.state(BUCKETS.instruments).put(`${token(specification.venue)}.${token(specification.symbol)}`, encodeJson(specification));
    this.longPrices.push({ specification, price });
  }

  async deadLetter(frame: number, symbol: string | null, text: string): Promise<void> {
    const letter: DeadLetter = {
      venue: 'okx', symbol, kind: 'stream', connection: 1, frame, receivedAtUs: this.nowUs(), reason: 'no number', place: 'b', text, truncated: false,
    };
    await this.bus.streams.append(subjects.deadLetter('okx'), encodeJson(letter), { id: `letter-${frame}` });
  }

  /** One tick of everything. */
  tick(): void {
    this.step++;
    if (!this.silent.has('normalisation')) for (const venue of VENUES) for (const [base] of BASES) this.quote(venue, base, this.trustOf(venue));
    for (const { specification, price } of this.longPrices) this.tellQuote(specification, price + this.step % 2, 1, 1);
    if (this.step % 10 === 1) this.health();
    if (this.findsByItself && this.step % 16 === 3) this.opportunity();
    if (this.findsByItself && this.step % 16 === 11) this.closeOldest();
    if (this.step % 20 === 5) this.regime();
    if (this.step % 7 === 0 && !this.silent.has('risk')) this.riskAlive();
    if (this.step % 10 === 1 && !this.silent.has('execution')) this.tellProfit();
    if (this.step % 10 === 1) for (const alert of this.alerts) this.bus.publish(subjects.alert(alert.severity), encodeJson(alert));
  }

  riskAlive(): void {
    const alive: RiskAlive = { epoch: 1, instance: 'risk-1', atUs: this.nowUs(), limitDifferences: this.limitDifferences };
    this.bus.publish(subjects.riskAlive(), encodeJson(alive));
  }

  private trustOf(venue: string): number {
    return venue === 'coinbase' && this.step % 80 > 50 ? (this.step % 80 > 65 ? 0 : 2) : 1;
  }

  quote(venue: string, base: string, trust = 1): void {
    const key = `${venue}:${base}`;
    const start = BASES.find(([name]) => name === base)![1];
    const price = Math.round(this.prices.get(key)! * (1 + (this.random() - 0.5) * 0.0006) * 0.98 + start * 0.02);
    this.prices.set(key, price);
    this.tellQuote(specificationOf(venue, base), price, Math.max(1, Math.round(price * (0.00002 + this.random() * 0.00008))), trust);
  }

  private tellQuote({ venue, base, symbol }: InstrumentSpecification, price: number, spread: number, trust: number): void {
    const now = this.nowUs();
    const row = new Float64Array(QUOTE_COLUMNS);
    row[Quote.layout] = layoutOf(RowKind.quote);
    row[Quote.connection] = 1;
    row[Quote.frame] = ++this.frame;
    row[Quote.receivedAtUs] = now;
    row[Quote.exchangeAtUs] = now - 20_000;
    row[Quote.sequence] = this.step;
    row[Quote.specificationVersion] = 1;
    row[Quote.bidPrice] = row[Quote.depthBidPrice] = price;
    row[Quote.bidSize] = row[Quote.depthBidSize] = Math.round(20_000 + this.random() * 300_000);
    row[Quote.askPrice] = row[Quote.depthAskPrice] = price + spread;
    row[Quote.askSize] = row[Quote.depthAskSize] = Math.round(20_000 + this.random() * 300_000);
    row[Quote.updateId] = row[Quote.depthUpdateId] = this.frame;
    row[Quote.trust] = trust;
    row[Quote.cause] = trust === 1 ? 2 : 3;
    row[Quote.changedAtUs] = row[Quote.provenAtUs] = now;
    this.bus.publish(subjects.market('quote', { venue, base, symbol }), bytesOfRow(row, QUOTE_COLUMNS));
  }

  private book(price: number): Uint8Array {
    const depth = 30;
    const row = new Float64Array(BOOK_COLUMNS + depth * 4);
    row[BookChange.layout] = layoutOf(RowKind.book);
    row[BookChange.receivedAtUs] = this.nowUs();
    row[BookChange.lastId] = this.frame;
    row[BookChange.keyframe] = 1;
    row[BookChange.trust] = 1;
    row[BookChange.cause] = 2;
    row[BookChange.bidCount] = row[BookChange.askCount] = depth;
    for (let i = 0; i < depth; i++) {
      const step = Math.max(1, Math.round(price * 0.00003));
      row.set([price - i * step, Math.round(10_000 + this.random() * 200_000)], BOOK_COLUMNS + i * 2);
      row.set([price + (i + 1) * step, Math.round(10_000 + this.random() * 200_000)], BOOK_COLUMNS + (depth + i) * 2);
    }
    return bytesOfRow(row, row.length);
  }

  health(): void {
    const now = this.nowUs();
    const services: ServiceName[] = ['ingestion', 'normalisation', 'regime', 'arbitrage', 'risk', 'execution', 'paper', 'monitoring'];
    for (const service of services) {
      if (this.silent.has(service)) continue;
      const lack = this.lacks.get(service);
      const health: ServiceHealth = {
        service, instance: `${service}-1`, ready: lack === undefined, missing: lack === undefined ? [] : [lack], startedAtUs: START_US,
        ...(service === 'ingestion' ? { market: this.market } : {}), ...(service === 'execution' ? { orders: 'paper' } : {}),
        atUs: now, counters: { frames: this.frame, errors: 0 },
        latencies: { 'received-to-taken': { p50: 20 + this.random() * 30, p99: 120 + this.random() * 200, count: this.frame } },
      };
      this.bus.publish(subjects.serviceHealth(service), encodeJson(health));
    }
    if (!this.silent.has('normalisation')) for (const venue of VENUES) this.bus.publish(subjects.venueHealth(venue), encodeJson(this.venue(venue, now)));
  }

  private venue(venue: string, now: number): VenueHealth {
    const trust = ['resyncing', 'synced', 'suspect', 'stale'][this.trustOf(venue)];
    return {
      venue, connected: true, connections: 2, lastFrameAtUs: now, framesPerSecond: 180 + Math.round(this.random() * 60),
      reconnects: venue === 'kraken' ? 1 : 0, deadLetters: 0, clockOffsetUs: Math.round(this.random() * 4000), atUs: now,
      symbols: BASES.map(([base]) => ({
        symbol: `${base}/USDT`, trust, cause: trust === 'synced' ? 'snapshot applied' : 'gap', changedAtUs: now, provenAtUs: now,
        gaps: trust === 'synced' ? 0 : 1, resyncs: 0, checksumsChecked: 0, checksumsFailed: 0, crossed: 0,
      })),
    };
  }

  opportunity(): Opportunity {
    const [base, price] = BASES[this.step % BASES.length];
    const now = this.nowUs();
    const id = `opp-${++this.opportunities}`;
    const origin = { venue: 'binance', connection: 1, frame: this.frame, receivedAtUs: now };
    const notional = 2_000 + Math.round(this.random() * 6_000);
    const net = 2 + this.random() * 12;
    const text = (price / 100).toFixed(2);
    const size = (notional / (price / 100)).toFixed(5);
    const leg = (venue: string, side: 'buy' | 'sell') => ({
      venue, symbol: `${base}/USDT`, side, limitPrice: text, averagePrice: text, size, baseSize: size, feeRate: '0.0005', ageUs: 12_000,
      provenAgeUs: 4_000, updateId: this.frame, origin,
    });
    const opened: Opportunity = {
      id, kind: this.step % 5 === 0 ? 'basis' : 'cross-venue', base, state: 'opened',
      legs: [leg('binance', 'buy'), leg(this.step % 2 === 0 ? 'okx' : 'kraken', 'sell')],
      receipt: {
        currency: 'USDT', notional: `${notional}.00`, grossEdge: (net + 5.2).toFixed(4), fees: '4.1000', slippage: '1.1000', wayOut: '0',
        funding: '0', inventory: '0', netEdge: net.toFixed(4), netEdgeBps: ((net / notional) * 10_000).toFixed(2),
      },
      riskScore: 0.2, confidence: 0.9, openedAtUs: now, atUs: now, updates: 0, origin, links: [],
    };
    this.send(opened);
    this.open.push(opened);
    this.trade(opened, net);
    return opened;
  }

  closeOldest(): Opportunity | null {
    const oldest = this.open.shift();
    if (!oldest) return null;
    const closed: Opportunity = { ...oldest, state: 'closed', atUs: this.nowUs(), updates: 3, closeReason: 'edge-gone' };
    this.send(closed);
    return closed;
  }

  private send(opportunity: Opportunity): void {
    const subject = subjects.opportunity(opportunity.kind, opportunity.base, opportunity.legs[0].symbol);
    this.bus.publish(subject, encodeJson(opportunity));
  }

  /** A strategy lets it pass. */
  pass({ id }: Opportunity, reason: Passed['reason']): void {
    const passed: Passed = { opportunityId: id, account: 'paper', strategy: 'taker', reason, atUs: this.nowUs() };
    this.bus.publish(subjects.passed('paper'), encodeJson(passed));
  }

  private trade(opportunity: Opportunity, net: number): void {
    const now = this.nowUs();
    if (opportunity.kind === 'basis') return this.pass(opportunity, 'kind-not-traded');
    const legs = opportunity.legs.map((leg, index) => ({
      leg: index, venue: leg.venue, symbol: leg.symbol, side: leg.side, type: 'limit' as const, timeInForce: 'IOC' as const,
      price: leg.limitPrice, size: leg.size,
    }));
    const intent: Intent = {
      id: `intent-${opportunity.id}`, account: 'paper', strategy: 'taker', kind: 'arbitrage', opportunityId: opportunity.id,
      plan: { legs, exits: [], currency: 'USDT', notional: opportunity.receipt.notional }, expectedNet: net.toFixed(4),
      createdAtUs: now, expiresAtUs: now + 500_000,
    };
    this.bus.publish(subjects.intent('paper'), encodeJson(intent));
    if (this.step % 3 === 0) {
      const refused: Refused = {
        kind: 'refused', intent, atUs: now,
        refusals: [{ code: 'VENUE_EXPOSURE_LIMIT', detail: 'binance would hold too much', measured: '0.34', allowed: '0.3' }],
      };
      this.bus.publish(subjects.refused('paper'), encodeJson(refused));
      return;
    }
    for (const leg of legs) this.execute(intent, leg, now, net);
    const brought: Partial<Record<ProfitCause, number>> = {
      spread: net + 4.1, slippage: this.random() * 0.4, fees: -4.1, exitCost: this.random() < 0.25 ? -(4 + this.random() * 12) : 0,
    };
    for (const [cause, amount] of Object.entries(brought)) this.causes[cause as ProfitCause] += Math.round(amount * 10_000);
    this.plans++;
    this.tellProfit();
  }

  /** What all plans brought, as execution tells it each second. */
  tellProfit(): void {
    if (this.plans === 0) return;
    const text = (amount: number): string => (amount / 10_000).toFixed(4);
    const realised = Object.values(this.causes).reduce((sum, amount) => sum + amount, 0);
    const cost = this.lots.reduce((sum, lot) => sum + Number(lot.cost) * 10_000, 0);
    const value = this.lots.reduce<number | null>((sum, lot) => (sum === null || lot.value === null ? null : sum + Number(lot.value) * 10_000), 0);
    const causes = Object.fromEntries(Object.entries(this.causes).map(([cause, amount]) => [cause, text(amount)])) as Profit['causes'];
    const profit: Profit = {
      account: 'paper', currency: 'USDT', plans: this.plans, fills: this.fills, sinceUs: START_US, causes, realised: text(realised), open: this.lots,
      openProfit: value === null ? null : text(value - cost), total: value === null ? null : text(realised + value - cost), cash: text(realised - cost),
      dust: this.dust, otherFees: {}, atUs: this.nowUs(),
    };
    this.bus.publish(subjects.profit('paper'), encodeJson(profit));
  }

  private execute(intent: Intent, leg: Intent['plan']['legs'][number], now: number, net: number): void {
    const { venue, symbol, side, price, size } = leg;
    const shared = { intentId: intent.id, leg: leg.leg, account: 'paper', strategy: 'taker', venue, symbol, side, price, size };
    const order: Order = {
      ...shared, id: `${intent.id}-${leg.leg}`, approvalId: `a-${intent.id}`, purpose: 'leg', type: 'limit', timeInForce: 'IOC',
      filledSize: size, averagePrice: price, state: 'filled', venueOrderId: `v${this.frame}`, reason: null, createdAtUs: now, updatedAtUs: now + 1,
    };
    const fill: Fill = { ...shared, id: `${order.id}-f`, orderId: order.id, fee: '2.05', feeCurrency: 'USDT', liquidity: 'taker', atUs: now };
    this.bus.publish(subjects.order('paper', venue), encodeJson(order));
    this.fills++;
    void this.bus.streams.append(subjects.fill('paper', venue), encodeJson(fill), { id: fill.id });
    const key = `${venue}:${symbol}`;
    const known = this.positions.get(key);
    const signed = Number(size) * (side === 'buy' ? 1 : -1);
    const position: Position = {
      account: 'paper', strategy: 'taker', venue, symbol, size: (Number(known?.size ?? 0) + signed).toFixed(5), averagePrice: price,
      realised: (Number(known?.realised ?? 0) + (net / 2 + 2.05) * (this.random() < 0.25 ? -0.6 : 1)).toFixed(4),
      fees: (Number(known?.fees ?? 0) + 2.05).toFixed(4), currency: 'USDT', updatedAtUs: now,
    };
    this.positions.set(key, position);
    this.bus.publish(subjects.position('paper'), encodeJson(position));
  }

  private regime(): void {
    const [base] = BASES[this.step % BASES.length];
    const now = this.nowUs();
    const regime = this.random() < 0.35 ? 'HIGH_VOLATILITY' : 'NORMAL';
    const event: RegimeEvent = {
      venue: 'binance', symbol: `${base}/USDT`, base, horizon: '1m', regime, previous: 'NORMAL', confidence: 0.6 + this.random() * 0.4,
      strength: 1 + this.random(), enteredAtUs: now - 3_000_000, durationUs: 3_000_000, atUs: now,
      origin: { venue: 'binance', connection: 1, frame: this.frame, receivedAtUs: now },
    };
    this.bus.publish(subjects.regime(base, event.symbol), encodeJson(event));
    this.bus.publish(subjects.standingRegime(event), encodeJson(event));
  }
}
