import { expect, test } from '@jest/globals';
import type { RegimeEvent } from '@parallax/types';
import { depegBars, pathOf } from './support/bars.js';
import { Market } from './support/market.js';

function drive(file: string): RegimeEvent[] | null {
  const bars = depegBars(file);
  if (!bars) return null;
  const market = new Market();
  for (const bar of bars) for (const { atUs, price } of pathOf(bar)) market.quote(price, atUs);
  return market.events.filter((event) => event.durationUs === 0);
}
const minute = (event: RegimeEvent): string => new Date(event.atUs / 1000).toISOString().slice(0, 16);
const on = (entered: RegimeEvent[], day: string): RegimeEvent[] => entered.filter((event) => minute(event).startsWith(day));
const names = (entered: RegimeEvent[]): Set<string> => new Set(entered.map((event) => event.regime));

const BTC_USDC = 'binance-BTCUSDC_1m_20230301_20230321.csv.gz';
const FLASH = /^FLASH/;

test('the depeg of USDC shows every state on BTC/USDC, first at 02:22 on 11 March', () => {
  const entered = drive(BTC_USDC);
  if (!entered) return;
  const depeg = on(entered, '2023-03-11');
  expect(names(depeg)).toEqual(new Set(['NORMAL', 'HIGH_VOLATILITY', 'FLASH_CRASH', 'FLASH_PUMP']));
  expect(minute(depeg.filter((event) => FLASH.test(event.regime))[0])).toBe('2023-03-11T02:22');
  // The two wildest bars: 04:32 with a range of 4.9 %, 06:20 with 7.6 %; both go up and come back.
  for (const wild of ['2023-03-11T04:32', '2023-03-11T06:20']) {
    const inMinute = depeg.filter((event) => minute(event) === wild).map((event) => event.regime);
    expect(inMinute).toEqual(expect.arrayContaining(['FLASH_PUMP', 'FLASH_CRASH']));
  }
  // The days from 4 to 10 March knew none.
  const quiet = entered.filter((event) => minute(event) >= '2023-03-04' && minute(event) < '2023-03-11');
  expect(quiet.filter((event) => FLASH.test(event.regime))).toEqual([]);
});

test('on the same day BTC/USD and BTC/USDT had no flash move: the trouble was the currency', () => {
  for (const pair of ['BTCUSD', 'BTCUSDT']) {
    const entered = drive(`binance-${pair}_1m_20230301_20230321.csv.gz`);
    if (!entered) return;
    expect(names(on(entered, '2023-03-11'))).toEqual(new Set(['NORMAL', 'HIGH_VOLATILITY']));
  }
});

test('every flash state has a move of 1.5 % within its bar and the one before', () => {
  const entered = drive(BTC_USDC);
  const bars = depegBars(BTC_USDC);
  if (!entered || !bars) return;
  const flashes = entered.filter((event) => FLASH.test(event.regime));
  expect(flashes.length).toBeGreaterThan(50);
  const byTime = new Map(bars.map((bar) => [bar.atUs, bar]));
  for (const event of flashes) {
    const start = Math.floor(event.atUs / 60_000_000) * 60_000_000;
    const near = [start - 60_000_000, start].map((time) => byTime.get(time)).filter((bar) => bar !== undefined);
    const range = Math.max(...near.map((bar) => bar.high)) / Math.min(...near.map((bar) => bar.low)) - 1;
    expect(range).toBeGreaterThanOrEqual(0.015);
  }
});

test('each state that is entered is left, and lasted at least the dwell unless a graver one came', () => {
  const entered = drive(BTC_USDC);
  if (!entered) return;
  for (const [i, event] of entered.entries()) {
    const next = entered[i + 1];
    if (!next) continue;
    expect(next.previous).toBe(event.regime);
    const graver = FLASH.test(next.regime) ? !FLASH.test(event.regime) : next.regime !== 'NORMAL' && event.regime === 'NORMAL';
    if (!graver) expect(next.atUs - event.atUs).toBeGreaterThanOrEqual(15_000_000);
  }
  expect(entered.at(-1)?.regime).toBe('NORMAL');
});
