import { parseScenario, type Scenario, type ScenarioInput } from './scenario.js';

type Instrument = ScenarioInput['venues'][number]['instruments'][number];
type Venue = ScenarioInput['venues'][number];

/** A spot pair: steps are one unit at their scales unless told otherwise. */
function spot(venueSymbol: string, base: string, quote: string, own: Partial<Instrument>): Instrument {
  return {
    symbol: `${base}/${quote}`, venueSymbol, base, quote, kind: 'spot', priceScale: 2, sizeScale: 5, priceStep: 1,
    sizeStep: 1, minimumSize: 1, ...own,
  };
}

function perpetual(venueSymbol: string, base: string, own: Partial<Instrument>): Instrument {
  return {
    ...spot(venueSymbol, base, 'USDT', own), symbol: `${base}/USDT:USDT`, kind: 'swap',
    basis: { meanBps: 3, deviationBps: 6, halfLifeSeconds: 40 },
  };
}

const SHARED = {
  offset: { meanBps: 0, deviationBps: 2.5, halfLifeSeconds: 15 },
  churnPerSecond: 25,
} as const;

const BINANCE: Venue = {
  ...SHARED, venue: 'binance', depthIntervalMs: 100, spreadBps: 0.6, levels: 120, levelSpacingBps: 0.7,
  levelNotional: 9_000, tradesPerSecond: 5, tradeNotional: 1_500,
  dislocation: { perMinute: 1.5, turning: 0.85, fromBps: 48, toBps: 66, halfLifeSeconds: 3 },
  instruments: [
    spot('BTCUSDT', 'BTC', 'USDT', { minimumNotional: '5' }),
    spot('ETHUSDT', 'ETH', 'USDT', { sizeScale: 4, minimumNotional: '5' }),
    spot('SOLUSDT', 'SOL', 'USDT', { sizeScale: 3, minimumNotional: '5', activity: 0.6 }),
  ],
};

const BINANCE_USDM: Venue = {
  ...SHARED, venue: 'binanceusdm', depthIntervalMs: 100, spreadBps: 0.4, levels: 120, levelSpacingBps: 0.6,
  levelNotional: 20_000, tradesPerSecond: 8, tradeNotional: 3_000, churnPerSecond: 40,
  dislocation: { perMinute: 0.5, turning: 0.85, fromBps: 40, toBps: 60, halfLifeSeconds: 4 },
  instruments: [
    perpetual('BTCUSDT', 'BTC', { priceStep: 10, sizeScale: 3, minimumNotional: '50' }),
    perpetual('ETHUSDT', 'ETH', { sizeScale: 3, minimumNotional: '20' }),
    perpetual('SOLUSDT', 'SOL', { sizeScale: 2, minimumNotional: '5', activity: 0.6 }),
  ],
};

const OKX: Venue = {
  ...SHARED, venue: 'okx', depthIntervalMs: 100, spreadBps: 0.8, levels: 100, levelSpacingBps: 0.8,
  levelNotional: 7_000, tradesPerSecond: 3, tradeNotional: 1_200,
  dislocation: { perMinute: 1.5, turning: 0.85, fromBps: 48, toBps: 66, halfLifeSeconds: 3 },
  instruments: [
    spot('BTC-USDT', 'BTC', 'USDT', { priceScale: 1, sizeScale: 8, minimumSize: 1_000 }),
    spot('ETH-USDT', 'ETH', 'USDT', { sizeScale: 6, minimumSize: 100 }),
    spot('SOL-USDT', 'SOL', 'USDT', { sizeScale: 6, minimumSize: 1_000, activity: 0.6 }),
    perpetual('BTC-USDT-SWAP', 'BTC', { priceScale: 1, sizeScale: 2, contractSize: '0.01' }),
  ],
};

const KRAKEN: Venue = {
  ...SHARED, venue: 'kraken', depthIntervalMs: 50, spreadBps: 1.2, levels: 160, levelSpacingBps: 0.9,
  levelNotional: 5_000, tradesPerSecond: 1.2, tradeNotional: 900, churnPerSecond: 15,
  dislocation: { perMinute: 0.7, turning: 0.85, fromBps: 75, toBps: 110, halfLifeSeconds: 3 },
  instruments: [
    spot('BTC/USD', 'BTC', 'USD', { priceScale: 1, sizeScale: 8, minimumSize: 5_000, minimumNotional: '0.5' }),
    spot('ETH/USD', 'ETH', 'USD', { sizeScale: 8, minimumSize: 100_000, minimumNotional: '0.5' }),
    spot('SOL/USD', 'SOL', 'USD', { sizeScale: 8, minimumSize: 2_000_000, minimumNotional: '0.5', activity: 0.6 }),
    spot('BTC/USDT', 'BTC', 'USDT', { priceScale: 1, sizeScale: 8, minimumSize: 5_000, minimumNotional: '0.5' }),
    spot('USDT/USD', 'USDT', 'USD', { priceScale: 5, sizeScale: 8, minimumSize: 500_000_000, minimumNotional: '0.5' }),
  ],
};

const COINBASE: Venue = {
  ...SHARED, venue: 'coinbase', depthIntervalMs: 50, spreadBps: 1, levels: 150, levelSpacingBps: 0.8,
  levelNotional: 6_000, tradesPerSecond: 2, tradeNotional: 1_000,
  dislocation: { perMinute: 0.4, turning: 0.85, fromBps: 80, toBps: 170, halfLifeSeconds: 3 },
  instruments: [
    spot('BTC-USD', 'BTC', 'USD', { sizeScale: 8, minimumNotional: '1' }),
    spot('ETH-USD', 'ETH', 'USD', { sizeScale: 8, minimumNotional: '1' }),
    spot('SOL-USD', 'SOL', 'USD', { sizeScale: 8, minimumNotional: '1', activity: 0.6 }),
  ],
};

const INPUT: ScenarioInput = {
  name: 'default',
  seed: 'parallax',
  stepMs: 50,
  assets: [
    { asset: 'BTC', price: '64800', volatilityFactor: 1, correlation: 0.85 },
    { asset: 'ETH', price: '2460', volatilityFactor: 1.2, correlation: 0.8 },
    { asset: 'SOL', price: '148', volatilityFactor: 1.5, correlation: 0.7 },
    { asset: 'USDT', price: '0.9998', volatilityFactor: 0.01, correlation: 0 },
  ],
  behaviours: {
    calm: { volatilityBps: 0.7, driftBps: 0, spreadFactor: 1, tradeFactor: 1, depthFactor: 1 },
    trending: { volatilityBps: 1.2, driftBps: 0.8, spreadFactor: 1.2, tradeFactor: 1.5, depthFactor: 0.9 },
    violent: { volatilityBps: 9, driftBps: 0, spreadFactor: 2.5, tradeFactor: 3, depthFactor: 0.6 },
    crash: { volatilityBps: 8, driftBps: 45, spreadFactor: 4, tradeFactor: 5, depthFactor: 0.35 },
    pump: { volatilityBps: 7, driftBps: 40, spreadFactor: 3.5, tradeFactor: 5, depthFactor: 0.4 },
  },
  schedule: {
    kind: 'fixed',
    repeat: true,
    phases: [
      { name: 'calm', seconds: 45 },
      { name: 'violent', seconds: 25 },
      { name: 'calm', seconds: 60 },
      { name: 'trending', seconds: 60, direction: 'up' },
      { name: 'calm', seconds: 45 },
      { name: 'crash', seconds: 12 },
      { name: 'violent', seconds: 25 },
      { name: 'calm', seconds: 75 },
      { name: 'trending', seconds: 45 },
      { name: 'pump', seconds: 12, assets: ['ETH'] },
      { name: 'calm', seconds: 75 },
      { name: 'pump', seconds: 10 },
      { name: 'calm', seconds: 60 },
    ],
  },
  venues: [BINANCE, BINANCE_USDM, OKX, KRAKEN, COINBASE],
  faults: [
    { kind: 'gap', venue: 'okx', symbol: 'ETH/USDT', atSeconds: 95 },
    { kind: 'wrong-checksum', venue: 'kraken', symbol: 'ETH/USD', atSeconds: 190 },
    { kind: 'disconnect', venue: 'coinbase', atSeconds: 300 },
    { kind: 'garbage', venue: 'binance', symbol: 'SOL/USDT', atSeconds: 390 },
  ],
};

/** What `npm start` shows: five venues, every phase within nine minutes, and four faults on the way. */
export const defaultScenario: Scenario = parseScenario(INPUT);
