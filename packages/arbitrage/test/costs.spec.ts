import { expect, test } from '@jest/globals';
import { DEFAULT_BASIS, inventoryOf, type ArbitrageOptions } from '../src/index.js';
import { FREE, Scene, spot, swap, type PlainBook } from './support/scene.js';

const flat = (bid: number, ask: number, size = 100_000): PlainBook => ({ bids: [[bid, size]], asks: [[ask, size]] });
const HOUR_US = 3_600_000_000;

/** Spot at 9,999/10,000 and a perpetual that bids `bps` above 10,000. */
function basis(bps: number, options: Partial<ArbitrageOptions>, perpetual = swap('b')): Scene {
  const scene = new Scene(options, spot('a'), perpetual);
  scene.set(0, flat(999_900, 1_000_000));
  scene.set(1, flat(1_000_000 + bps * 100, 1_000_100 + bps * 100));
  return scene;
}
const reason = (scene: Scene): string | undefined => scene.notTaken.at(-1)?.reason;

test('a basis pays the way out: half of both spreads and the fees again', () => {
  const fees = { default: '0.0001' };
  const scene = basis(100, { ...FREE, fees, maximumNotional: '10000' });
  const [{ kind, receipt }] = scene.told;
  expect(kind).toBe('basis');
  // Spreads of 1 each cost 0.5 + 0.5; exit fees 0.0001 × (9,999 + 10,101).
  expect(receipt).toMatchObject({ grossEdge: '100', slippage: '0', fees: '2.01', wayOut: '3.01', netEdge: '94.98' });
});

test('both legs at one venue pay the rate of their kind of market', () => {
  const fees = { default: '0.5', byVenue: { okx: { spot: '0.001', derivative: '0.0005' } } };
  const scene = new Scene({ ...FREE, fees, maximumNotional: '10000' }, spot('okx'), swap('okx'));
  scene.set(0, flat(999_900, 1_000_000));
  scene.set(1, flat(1_010_000, 1_010_100));
  // 10,000 × 0.1 % and 10,100 × 0.05 %.
  expect(scene.told[0].receipt).toMatchObject({ grossEdge: '100', fees: '15.05' });
});

test('funding and inventory are counted over the holding horizon, income only where it is credited', () => {
  const costs = {
    ...DEFAULT_BASIS, holdingUs: 24 * HOUR_US, fundingRate: { default: '0', byInstrument: { 'b:BTC/USDT:USDT': '0.0002' } },
    capitalRatePerYear: '0.0365', borrowRatePerYear: '0.073',
  };
  const free = { ...FREE, maximumNotional: '10000' };
  // Short perpetual: longs pay us 3 × 0.02 %.
  expect(basis(100, { ...free, basis: costs }).told[0].receipt).toMatchObject({ funding: '0', inventory: '2', netEdge: '97' });
  const credited = { ...free, basis: { ...costs, creditFunding: true } };
  expect(basis(100, credited).told[0].receipt).toMatchObject({ funding: '-6', netEdge: '103' });
  // The other way round: long perpetual pays, and the sold spot leg is borrowed.
  const scene = new Scene({ ...free, basis: costs }, spot('a'), swap('b'));
  scene.set(0, flat(1_010_000, 1_010_100));
  scene.set(1, flat(999_900, 1_000_000));
  expect(scene.told[0]).toMatchObject({
    legs: [{ venue: 'b', side: 'buy' }, { venue: 'a', side: 'sell' }],
    receipt: { funding: '6', inventory: '4', wayOut: '1', netEdge: '89' },
  });
});

test('each cost that eats the edge is named', () => {
  expect(reason(basis(10, { ...FREE, fees: { default: '0.001' } }))).toBe('fees');
  expect(reason(basis(3, { ...FREE, fees: { default: '0.0001' } }))).toBe('way-out');
  const dear = { ...DEFAULT_BASIS, fundingRate: { default: '-0.01' } };
  expect(reason(basis(30, { ...FREE, basis: dear }))).toBe('funding');
  expect(reason(basis(30, { ...FREE, minimumEdgeBps: 40 }))).toBe('edge-below-minimum');
});

test('inventory bounds the size, and none at all is said', () => {
  const options = (balances: Record<string, Record<string, string>>): Partial<ArbitrageOptions> => ({
    ...FREE, inventory: inventoryOf(balances),
  });
  const cross = (balances: Record<string, Record<string, string>>): Scene => {
    const scene = new Scene(options(balances), spot('a'), spot('b'));
    scene.set(0, flat(999_900, 1_000_000));
    scene.set(1, flat(1_010_000, 1_010_100));
    return scene;
  };
  expect(cross({ a: { USDT: '5000' }, b: { BTC: '3' } }).told[0].legs[0].size).toBe('0.5');
  expect(cross({ a: { USDT: '50000' }, b: { BTC: '3.00051' } }).told[0].legs[1].size).toBe('3');
  expect(reason(cross({ a: { USDT: '50000' } }))).toBe('inventory-missing');
  expect(reason(cross({ a: { USDT: '1' }, b: { BTC: '3' } }))).toBe('inventory-missing');
  // A perpetual binds its value in the settlement currency; selling spot needs the base.
  expect(basis(100, options({ a: { USDT: '90000' }, b: { USDT: '10100' } })).told[0].legs[1].size).toBe('1');
});

test('minimum size, minimum notional and thin books are said', () => {
  const cross = (bought: Parameters<typeof spot>[1], asks: PlainBook): Scene => {
    const scene = new Scene({ ...FREE }, spot('a', bought), spot('b'));
    scene.set(0, asks);
    scene.set(1, flat(1_010_000, 1_010_100));
    return scene;
  };
  expect(reason(cross({ minimumSize: 200 }, flat(1, 1_000_000, 199)))).toBe('below-minimum-size');
  expect(cross({ minimumSize: 200 }, flat(1, 1_000_000, 200)).told).toHaveLength(1);
  expect(reason(cross({ minimumNotional: '2000' }, flat(1, 1_000_000, 199)))).toBe('depth-too-thin');
  expect(cross({ minimumNotional: '2000' }, flat(1, 1_000_000, 200)).told).toHaveLength(1);
  const scene = new Scene({ ...FREE }, spot('a'), spot('b'));
  scene.set(0, flat(1, 1_000_000));
  scene.books.delete(0);
  scene.set(1, flat(1_010_000, 1_010_100));
  expect(reason(scene)).toBe('book-missing');
});

test('contracts of a linear perpetual: both legs have the same base size on both steps', () => {
  // 1 contract = 0.01 BTC, whole contracts; spot in steps of 0.001.
  const scene = new Scene({ ...FREE, maximumNotional: '12345' }, spot('a'), swap('b', { contractSize: '0.01', sizeScale: 0 }));
  scene.set(0, flat(999_900, 1_000_000));
  scene.set(1, flat(1_010_000, 1_010_100, 5000));
  expect(scene.told[0].legs).toMatchObject([{ size: '1.23', baseSize: '1.23' }, { size: '123', baseSize: '1.23' }]);
});

test('an inverse perpetual counts dollars: its base follows from the prices walked', () => {
  // 1 contract = 100 USD, priced at 1 decimal; spot BTC/USD in steps of 0.001.
  const perpetual = swap('b', { quote: 'USD', inverse: true, contractSize: '100', sizeScale: 0, priceScale: 1 });
  const scene = new Scene({ ...FREE, maximumNotional: '10000' }, spot('a', { quote: 'USD' }), perpetual);
  scene.set(0, flat(999_900, 1_000_000));
  scene.set(1, { bids: [[101_000, 50], [100_900, 5000]], asks: [[101_010, 5000]] });
  const [{ legs, receipt }] = scene.told;
  // 1 BTC sold: 50 contracts at 10,100 are 0.49505 BTC, the rest of 0.50495 at 10,090 are 50.9 contracts: 100 in all.
  const base = 5000 / 10_100 + 5000 / 10_090;
  expect(legs[1]).toMatchObject({ size: '100', limitPrice: '10090' });
  expect(Number(legs[1].baseSize)).toBeCloseTo(base, 15);
  expect(legs[0]).toMatchObject({ size: '0.99', baseSize: '0.99' });
  expect(Number(legs[1].baseSize) - 0.99).toBeLessThan(0.001);
  const average = 10_000 / base;
  expect(Number(legs[1].averagePrice)).toBeCloseTo(average, 9);
  expect(Number(receipt.netEdge)).toBeCloseTo(0.99 * (average - 10_000) - Number(receipt.wayOut), 9);
});

test('a fee that is no number is refused with its place', () => {
  const scene = new Scene({ fees: { default: '0,1 %' } }, spot('a'));
  expect(() => scene.set(0, flat(1, 2))).toThrow(/fees of a:BTC\/USDT.*not a decimal/);
});
