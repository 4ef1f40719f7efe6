import { expect, test } from '@jest/globals';
import { FREE, Scene, spot, swap, type Ladder } from './support/scene.js';

/** What is told of one BTC bought for 10,000 where `asks` stand, and sold at 10,100 where `bids` do. */
function scoresOf(asks: Ladder, bids: Ladder): { riskScore: number; confidence: number } {
  const scene = new Scene({ ...FREE, maximumNotional: '10100' }, spot('a'), spot('b'));
  scene.set(0, { bids: [[999_900, 1_000]], asks });
  scene.set(1, { bids, asks: [[1_010_100, 1_000]] });
  const [{ riskScore, confidence }] = scene.told;
  return { riskScore, confidence };
}

test('risk and confidence count half of the known depth that is taken, of all levels, of the side that has less', () => {
  // One of two BTC on the one side, one of four on the other; a tenth is the kind's own risk.
  const half = { riskScore: expect.closeTo(1 - 0.75 * 0.9, 2), confidence: expect.closeTo(0.75, 2) };
  expect(scoresOf([[1_000_000, 1_500], [1_000_100, 500]], [[1_010_000, 4_000]])).toEqual(half);
  expect(scoresOf([[1_000_000, 4_000]], [[1_010_000, 1_500], [1_009_900, 500]])).toEqual(half);
});

test('contracts count as the base units that they stand for', () => {
  const depthOf = (given: Parameters<typeof swap>[1], size: number): number => {
    const scene = new Scene({ ...FREE, maximumNotional: '10100' }, spot('a', { quote: given?.quote ?? 'USDT' }), swap('b', given));
    scene.set(0, { bids: [[999_900, 100_000]], asks: [[1_000_000, 100_000]] });
    scene.set(1, { bids: [[1_010_000, size]], asks: [[1_010_100, size]] });
    return scene.told[0].confidence;
  };
  // 400 contracts of 0.01 BTC are four, and so are 404 of 100 USD at 10,100.
  const quarter = expect.closeTo(1 - 0.25 / 2, 2);
  expect(depthOf({ contractSize: '0.01', sizeScale: 0 }, 400)).toEqual(quarter);
  expect(depthOf({ contractSize: '100', sizeScale: 0, inverse: true, quote: 'USD' }, 404)).toEqual(quarter);
});

test('coins of which orders are large are taken too: the first level counts as large as it is', () => {
  const cheap = { base: 'DOGE', priceScale: 5, sizeScale: 0, minimumSize: 100 };
  const scene = new Scene(FREE, spot('a', cheap), spot('b', cheap));
  scene.set(0, { bids: [[9_990, 500]], asks: [[10_000, 500]] });
  scene.set(1, { bids: [[10_100, 400]], asks: [[10_200, 500]] });
  expect(scene.told.map(({ legs }) => legs.map(({ size }) => size))).toEqual([['400', '400']]);
});
