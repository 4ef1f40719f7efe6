import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Ledger } from '@parallax/execution';
import { GatewayCore } from '@parallax/gateway';
import { toldText, Money } from '@parallax/money';
import { reportOf, RiskCore, type AccountReport } from '@parallax/risk';
import { RateFees } from '@parallax/simulation';
import { InstrumentTable, type Fill, type InstrumentSpecification, type Position } from '@parallax/types';
import { Amount } from '../src/profit/amount.js';

const SPOT: InstrumentSpecification = {
  venue: 'binance', symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 2, sizeScale: 5, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '5', status: 'trading', version: 1, source: 'listing',
};
/** As their venues list them: spot, OKX's swaps in contracts of 0.01 BTC and of 100 USD, and Binance's COIN-M contracts of 10 USD. */
const LISTED: readonly InstrumentSpecification[] = [
  SPOT,
  { ...SPOT, venue: 'okx', symbol: 'BTC/USDT:USDT', kind: 'swap', contractSize: '0.01', priceScale: 1, sizeScale: 2 },
  { ...SPOT, venue: 'okx', symbol: 'BTC/USD:BTC', quote: 'USD', settle: 'BTC', kind: 'swap', inverse: true, contractSize: '100', priceScale: 1, sizeScale: 1 },
  { ...SPOT, venue: 'binancecoinm', symbol: 'ETH/USD:ETH', base: 'ETH', quote: 'USD', settle: 'ETH', kind: 'swap', inverse: true, contractSize: '10', sizeScale: 0 },
];
const NOW = 1_760_000_000_000_000;
/** Long and short, of a price of up to nine digits; the paper venue's own fee, else one taken out of what was traded or in a third coin. */
const trades = fc.array(fc.record({
  buys: fc.boolean(), price: fc.integer({ min: 1_000, max: 999_999_999 }), size: fc.integer({ min: 1, max: 300 }),
  maker: fc.boolean(), charged: fc.constantFrom('by the venue', 'by the venue', 'in base', 'in BNB'),
}), { minLength: 1, maxLength: 25 });
type Trade = typeof trades extends fc.Arbitrary<(infer T)[]> ? T : never;

const scaled = (units: number, scale: number): string => (units / 10 ** scale).toFixed(scale);
const fees = new RateFees({ spot: '-0.0000131', derivative: '0.0002' }, { spot: '0.00075', derivative: '0.00045' });

function fillOf(specification: InstrumentSpecification, { buys, price, size, maker, charged }: Trade, number: number): Fill {
  const { venue, symbol, base, priceScale, sizeScale } = specification;
  const { fee, currency } = fees.feeOf(specification, maker, price, size);
  const elsewhere = charged === 'in base' ? { fee: scaled(size, sizeScale + 3), feeCurrency: base } : { fee: '0.0007', feeCurrency: 'BNB' };
  return {
    id: `f${number}`, orderId: `o${number}`, intentId: `i${number}`, leg: 0, purpose: 'leg', account: 'main', strategy: 's', venue, symbol, side: buys ? 'buy' : 'sell',
    price: scaled(price, priceScale), size: scaled(size, sizeScale), liquidity: maker ? 'maker' : 'taker', atUs: NOW + number,
    ...(charged === 'by the venue' ? { fee, feeCurrency: currency } : elsewhere),
  };
}

interface Told {
  readonly risk: AccountReport;
  readonly execution: Ledger;
  readonly gateway: readonly Position[];
}

/** What each of them says of the same fills. */
function toldOf(specification: InstrumentSpecification, fills: readonly Fill[]): Told {
  const table = new InstrumentTable();
  table.add(specification);
  const [risk, execution, gateway] = [new RiskCore({ instruments: table }), new Ledger(), new GatewayCore()];
  for (const fill of fills) {
    risk.onFill(fill, fill.atUs);
    execution.apply(fill, specification);
    for (const position of execution.positions()) gateway.onPosition(position);
  }
  return { risk: reportOf(risk, 'main', NOW + fills.length), execution, gateway: gateway.snapshot(NOW).data.position };
}

const sum = (amounts: readonly Amount[]): Amount => Amount.sum(amounts);
const signOf = ({ side }: Fill): 1 | -1 => (side === 'buy' ? 1 : -1);

test.each(LISTED.map((one) => [`${one.venue} ${one.symbol}`, one] as const))('risk, execution, the paper venue and the gateway agree to the last digit: %s', (_name, specification) => {
  fc.assert(fc.property(trades, (made) => {
    const fills = made.map((one, number) => fillOf(specification, one, number));
    const { risk, execution, gateway } = toldOf(specification, fills);
    expect(risk.positions).toEqual(execution.positions());
    expect(gateway).toEqual(execution.positions());
    for (const { venue, currency, amount } of risk.balances) expect([currency, toldText(new Money(execution.balance('main', venue, currency)))]).toEqual([currency, amount]);
    for (const currency of [specification.settle, specification.base, 'BNB']) {
      const known = risk.balances.find((one) => one.currency === currency)?.amount ?? '0';
      expect([currency, toldText(new Money(execution.balance('main', specification.venue, currency)))]).toEqual([currency, known]);
    }
    // By whole numbers alone: nothing of the package takes part.
    const { base, settle, inverse, kind, contractSize } = specification;
    const charged = (currency: string): Amount => sum(fills.filter(({ feeCurrency }) => feeCurrency === currency).map(({ fee }) => Amount.of(fee)));
    if (kind === 'spot') {
      const paid = sum(fills.map((fill) => Amount.of(fill.price).times(Amount.of(fill.size)).times(signOf(fill))));
      expect(Amount.of(execution.balance('main', 'binance', settle)).equals(paid.plus(charged(settle)).times(-1))).toBe(true);
      const came = sum(fills.map((fill) => Amount.of(fill.size).times(signOf(fill))));
      expect(Amount.of(execution.balance('main', 'binance', base)).equals(came.minus(charged(base)))).toBe(true);
    }
    const [position] = risk.positions;
    const isBase = (fill: Fill): boolean => kind === 'spot' && fill.feeCurrency === base;
    const counted = fills.map((fill) => (isBase(fill) ? Amount.of(fill.fee).times(Amount.of(fill.price)) : fill.feeCurrency === settle ? Amount.of(fill.fee) : Amount.zero));
    expect(Amount.of(position.fees).equals(sum(counted))).toBe(true);
    if (inverse || position.size !== '0') return;
    // Flat: what was realised is the cash that moved, fees apart.
    const moved = sum(fills.map((fill) => {
      const net = isBase(fill) ? Amount.of(fill.size).minus(Amount.of(fill.fee).times(signOf(fill))) : Amount.of(fill.size);
      return Amount.of(fill.price).times(net).times(Amount.of(contractSize)).times(signOf(fill));
    }));
    expect(Amount.of(position.realised).minus(moved.times(-1)).by(Amount.of('1'), 18).sign).toBe(0);
  }), { numRuns: 150 });
});

test.each(LISTED.map((one) => [`${one.venue} ${one.symbol}`, one] as const))('a position of one fill is at the price of that fill: %s', (_name, specification) => {
  fc.assert(fc.property(trades, ([trade]) => {
    const fill = fillOf(specification, { ...trade, charged: 'by the venue' }, 0);
    const { risk, execution } = toldOf(specification, [fill]);
    const price = Amount.of(fill.price).toString();
    expect([risk.positions[0].averagePrice, execution.positions()[0].averagePrice]).toEqual([price, price]);
    // An inverse fee is quoted in base, and never in our favour: units × rate ÷ price, rounded up at the 18th decimal.
    const rate = Amount.of(trade.maker ? (specification.kind === 'spot' ? '-0.0000131' : '0.0002') : specification.kind === 'spot' ? '0.00075' : '0.00045');
    const units = Amount.of(fill.size).times(Amount.of(specification.contractSize));
    const fee = Amount.of(fill.fee);
    if (!specification.inverse) expect(fee.equals(units.times(Amount.of(fill.price)).times(rate))).toBe(true);
    else {
      const beyond = fee.times(Amount.of(fill.price)).minus(units.times(rate));
      expect([beyond.sign >= 0, beyond.minus(Amount.of(fill.price).times(Amount.of('0.000000000000000001'))).sign < 0]).toEqual([true, true]);
    }
  }), { numRuns: 150 });
});
