import { InstrumentTable, type Approved, type InstrumentSpecification, type Plan, type PlanExit, type PlanLeg } from '@parallax/types';
import { DEFAULT_EXECUTION_OPTIONS, type ExecutionOptions } from '../src/index.js';

const spot = (venue: string): InstrumentSpecification => ({
  venue, symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 2, sizeScale: 4, priceStep: 10, sizeStep: 10, minimumSize: 10, minimumNotional: '5',
  status: 'trading', version: 1, source: 'catalogue',
});
/** 100 USD a contract, settled in BTC. */
const inverse: InstrumentSpecification = {
  ...spot('binancecoinm'), symbol: 'BTC/USD:BTC', quote: 'USD', settle: 'BTC', kind: 'swap', inverse: true, contractSize: '100',
  sizeScale: 0, sizeStep: 1, minimumSize: 1, minimumNotional: '0',
};

/** `changes` by venue. */
export function instruments(changes: Record<string, Partial<InstrumentSpecification>> = {}): InstrumentTable {
  const table = new InstrumentTable();
  for (const venue of ['binance', 'okx', 'kraken']) table.add({ ...spot(venue), ...changes[venue] });
  for (const venue of ['binancecoinm', 'okx', 'kraken']) table.add({ ...inverse, venue });
  return table;
}

export const options: ExecutionOptions = {
  ...DEFAULT_EXECUTION_OPTIONS,
  accounts: ['main'],
  takerFees: { binance: '0.001', okx: '0.001', kraken: '0.001' },
  balances: [{ account: 'main', venue: 'binance', currency: 'USDT', amount: '100000' }],
};

/** Buys 1 BTC at binance for 100.00, sells it at okx for 101.00. */
export const legs: readonly PlanLeg[] = [
  { leg: 0, venue: 'binance', symbol: 'BTC/USDT', side: 'buy', type: 'limit', timeInForce: 'IOC', price: '100', size: '1' },
  { leg: 1, venue: 'okx', symbol: 'BTC/USDT', side: 'sell', type: 'limit', timeInForce: 'IOC', price: '101', size: '1' },
];
/** When the sale fails: sell at kraken, else sell back at binance, else hold; the same for the purchase. */
export const exits: readonly PlanExit[] = [
  { kind: 'hedge', forLeg: 1, venue: 'kraken', symbol: 'BTC/USDT', side: 'sell', price: '99', size: '1', costLimit: '2' },
  { kind: 'reverse', forLeg: 1, venue: 'binance', symbol: 'BTC/USDT', side: 'sell', price: '90', size: '1', costLimit: '3' },
  { kind: 'hold', forLeg: 1, venue: 'binance', symbol: 'BTC/USDT', side: 'buy', price: '100', size: '1', costLimit: '5' },
  { kind: 'reverse', forLeg: 0, venue: 'okx', symbol: 'BTC/USDT', side: 'buy', price: '110', size: '1', costLimit: '3' },
  { kind: 'hold', forLeg: 0, venue: 'okx', symbol: 'BTC/USDT', side: 'sell', price: '101', size: '1', costLimit: '5' },
];

/** Only risk makes approvals; a test may pretend. */
export function approvedOf(id = 'intent-1', changes: Partial<Plan> = {}, expiresAtUs = 60_000_000): Approved {
  const plan: Plan = { legs, exits, currency: 'USDT', notional: '100', ...changes };
  return {
    kind: 'approved', id: `approval-${id}`, plan, reserved: '100', scaledBy: '1', epoch: 1, atUs: 0, expiresAtUs,
    intent: {
      id, account: 'main', strategy: 'arbitrage', kind: 'arbitrage', opportunityId: 'o', plan, expectedNet: '0.5',
      createdAtUs: 0, expiresAtUs, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
  } as unknown as Approved;
}
