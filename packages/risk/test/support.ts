import {
  type Fill, InstrumentTable, type InstrumentSpecification, type Intent, type Order, type PlanExit, type PlanLeg, Quote,
  QUOTE_COLUMNS, type RegimeEvent, type RegimeName, scaledFromText, Trust,
} from '@parallax/types';
import { DEFAULT_LIMITS, RiskCore, type RiskLimits } from '../src/index.js';

export const NOW = 1_760_000_000_000_000;
export const ACCOUNT = 'main';

export const spot = (venue: string, changes: Partial<InstrumentSpecification> = {}): InstrumentSpecification => ({
  venue, symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 2, sizeScale: 5, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '5',
  status: 'trading', version: 1, source: 'catalogue', ...changes,
});
export const swap = (venue: string, changes: Partial<InstrumentSpecification> = {}): InstrumentSpecification =>
  spot(venue, { symbol: 'BTC/USDT:USDT', kind: 'swap', contractSize: '0.01', sizeScale: 0, ...changes });
export const inverse = (venue: string, changes: Partial<InstrumentSpecification> = {}): InstrumentSpecification =>
  spot(venue, {
    symbol: 'BTC/USD:BTC', quote: 'USD', settle: 'BTC', kind: 'swap', inverse: true, contractSize: '100', sizeScale: 0,
    minimumNotional: '0', ...changes,
  });

export interface World {
  readonly core: RiskCore;
  readonly table: InstrumentTable;
  readonly quote: (venue: string, symbol: string, bid: string, ask: string, changes?: { trust?: number; atUs?: number; version?: number }) => void;
}

/** A regime of BTC/USDT at `venue` at some time. */
export const regimeOf = (venue: string, regime: RegimeName, atUs = NOW, changes: Partial<RegimeEvent> = {}): RegimeEvent => ({
  venue, symbol: 'BTC/USDT', base: 'BTC', horizon: '1m', regime, previous: null, confidence: 1, strength: 1, enteredAtUs: atUs, durationUs: 0,
  atUs, origin: { venue, connection: 1, frame: 1, receivedAtUs: atUs }, ...changes,
});

/** For as long as no test lasts: what is told of regimes once holds. */
const YEAR_US = 365 * 86_400_000_000;

/** A core that knows the specifications, and that the markets of `calm` are in no unusual state. */
export function worldOf(specifications: readonly InstrumentSpecification[], limits: Partial<RiskLimits> = {}, calm = specifications): World {
  const table = new InstrumentTable();
  for (const each of specifications) table.add(each);
  const core = new RiskCore({ instruments: table, limits: { ...DEFAULT_LIMITS, regimeMaxAgeUs: YEAR_US, ...limits } });
  for (const { venue, symbol, base } of calm) core.onStandingRegime(regimeOf(venue, 'NORMAL', NOW, { symbol, base }), NOW);
  core.epoch = 7;
  for (const { venue } of specifications) {
    for (const [currency, amount] of [['USDT', '1000000'], ['BTC', '100']]) core.setStartBalance(ACCOUNT, venue, currency, amount);
  }
  const quote: World['quote'] = (venue, symbol, bid, ask, { trust = Trust.synced, atUs = NOW, version = 1 } = {}) => {
    const number = table.find(venue, symbol);
    const { priceScale } = table.get(number);
    const row = new Float64Array(QUOTE_COLUMNS);
    row[Quote.bidPrice] = scaledFromText(bid, priceScale);
    row[Quote.askPrice] = scaledFromText(ask, priceScale);
    row[Quote.bidSize] = row[Quote.askSize] = 1000;
    row[Quote.trust] = trust;
    row[Quote.receivedAtUs] = row[Quote.changedAtUs] = row[Quote.provenAtUs] = atUs;
    row[Quote.specificationVersion] = version;
    core.onQuote(number, row, atUs);
  };
  return { core, table, quote };
}

export const leg = (number: number, venue: string, side: 'buy' | 'sell', price: string, size: string, symbol = 'BTC/USDT'): PlanLeg => ({
  leg: number, venue, symbol, side, type: 'limit', timeInForce: 'IOC', price, size,
});
const opposite = (side: 'buy' | 'sell'): 'buy' | 'sell' => (side === 'buy' ? 'sell' : 'buy');

/** Taking back the other leg when one fails. */
export const reverse = (forLeg: number, of: PlanLeg, price: string, costLimit = '10'): PlanExit => ({
  kind: 'reverse', forLeg, venue: of.venue, symbol: of.symbol, side: opposite(of.side), price, size: of.size, costLimit,
});

export function intentOf(id: string, legs: readonly PlanLeg[], exits: readonly PlanExit[], changes: Partial<Intent> = {}): Intent {
  return {
    id, account: ACCOUNT, strategy: 'taker', kind: 'arbitrage', opportunityId: `opportunity-${id}`,
    plan: { legs, exits, currency: 'USDT', notional: '1000' },
    expectedNet: '5', createdAtUs: NOW, expiresAtUs: NOW + 1_000_000, ...changes,
  };
}

/** Buy at `a`, sell at `b`, each leg taken back when the other fails. */
export function pairIntent(id: string, size = '0.01', changes: Partial<Intent> = {}): Intent {
  const legs = [leg(0, 'a', 'buy', '100000.00', size), leg(1, 'b', 'sell', '100500.00', size)];
  return intentOf(id, legs, [reverse(0, legs[1], '101000.00'), reverse(1, legs[0], '99500.00')], changes);
}

/** Spot at `a` and `b` with quotes at which {@link pairIntent} pays. */
export function pairWorld(limits: Partial<RiskLimits> = {}, calm?: readonly InstrumentSpecification[]): World {
  const world = worldOf([spot('a'), spot('b')], limits, calm);
  world.quote('a', 'BTC/USDT', '99990.00', '100000.00');
  world.quote('b', 'BTC/USDT', '100500.00', '100510.00');
  return world;
}

export const orderOf = (intent: Intent, number: number, changes: Partial<Order> = {}): Order => {
  const { venue, symbol, side, price, size } = intent.plan.legs[number];
  return {
    id: `${intent.id}-${number}`, intentId: intent.id, approvalId: '', leg: number, purpose: 'leg', account: intent.account,
    strategy: intent.strategy, venue, symbol, side, type: 'limit', timeInForce: 'IOC', price, size, filledSize: '0',
    averagePrice: null, state: 'open', venueOrderId: null, reason: null, createdAtUs: NOW, updatedAtUs: NOW, ...changes,
  };
};
export const fillOf = (order: Order, id: string, size: string, price = order.price, changes: Partial<Fill> = {}): Fill => ({
  id, orderId: order.id, intentId: order.intentId, leg: order.leg, account: order.account, strategy: order.strategy,
  venue: order.venue, symbol: order.symbol, side: order.side, price, size, fee: '0', feeCurrency: 'USDT', liquidity: 'taker',
  atUs: NOW, ...changes,
});
export const codesOf = (verdict: ReturnType<RiskCore['judge']>): string[] =>
  verdict.kind === 'refused' ? verdict.refusals.map(({ code }) => code) : [];
