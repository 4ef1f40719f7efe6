import { expect, test } from '@jest/globals';
import type { ArbitrageOptions } from '../src/index.js';
import { recordedTickers } from './support/recorded-tickers.js';
import { FREE, Scene, spot, swap } from './support/scene.js';

const FILES = ['spot-btcusdt-20240808.gz', 'usdm-btcusdt-20240808.gz'] as const;

/** Plays the best bids and asks of Binance spot and USD-M BTC through the core, as books of one level. */
function play(options: Partial<ArbitrageOptions>): Scene | null {
  const tickers = recordedTickers(...FILES);
  if (!tickers) return null;
  const scales = { priceScale: 2, sizeScale: 8 };
  const scene = new Scene(
    options,
    spot('binance', { ...scales, sizeStep: 1000, minimumSize: 1000, minimumNotional: '5' }),
    swap('binanceusdm', { ...scales, sizeStep: 100_000, minimumSize: 100_000, minimumNotional: '100' }),
  );
  for (const { instrument, atUs, bid, ask } of tickers) {
    scene.pass(Math.max(0, atUs - scene.nowUs));
    scene.set(instrument, { bids: [bid], asks: [ask] });
  }
  return scene;
}

test('a standing basis on a real recording, with true fees, is nothing worth taking, and says why', () => {
  const scene = play({ fees: { default: '0.001', byVenue: { binanceusdm: '0.0005' } } });
  if (!scene) return;
  expect(scene.told).toEqual([]);
  const { counts, examples } = scene.core.notTaken;
  // The perpetual stood some 4 basis points below spot: 94 thousand quotes show it, fees alone are ten times as much.
  expect(counts.fees).toBeGreaterThan(90_000);
  expect(examples.map(({ buy, reason }) => [buy.venue, reason])).toEqual(
    expect.arrayContaining([['binanceusdm', 'fees']]),
  );
});

test('without any cost the same basis is a few opportunities with lives, not one a quote', () => {
  const scene = play(FREE);
  if (!scene) return;
  const opened = scene.told.filter((one) => one.state === 'opened');
  expect(opened.length).toBeGreaterThan(0);
  // Books of one level close whenever a best size falls below the smallest order; full depth leaves fewer.
  expect(opened.length).toBeLessThan(40);
  expect(scene.told.filter((one) => one.state === 'updated').length).toBeLessThan(345 * 4);
  expect(new Set(opened.map(({ id }) => id)).size).toBe(opened.length);
  scene.core.shutdown(scene.nowUs);
  expect(scene.told.filter((one) => one.state === 'closed')).toHaveLength(opened.length);
});

test('funding and the price of money leave next to nothing of it', () => {
  const scene = play({ fees: { default: '0' }, minimumEdgeBps: 0 });
  if (!scene) return;
  expect(scene.told.filter((one) => one.state === 'opened').length).toBeLessThan(10);
  expect(scene.core.notTaken.counts.funding).toBeGreaterThan(90_000);
});
