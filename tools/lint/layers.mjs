/** Which package stands on which: one may import only those of lower layers. A new package gets its line here. */
export const LAYERS = {
  types: 0,
  bus: 1, book: 1, money: 1, 'market-model': 1, config: 1, telemetry: 1,
  wire: 2, venues: 2,
  cache: 3, store: 3, runtime: 3, recordings: 3, regime: 3, arbitrage: 3, strategies: 3, risk: 3, simulation: 3, normalisation: 3, ingestion: 3,
  execution: 4, sdk: 4,
  'service-host': 5,
};

/** For tests alone: what runs in production never imports it. */
export const TEST_PACKAGES = ['testing'];

/** The app that puts the others together in one process; it alone may import apps, and nobody imports it. */
export const COMPOSER = 'parallax';
