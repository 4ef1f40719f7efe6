import { expect, test } from '@jest/globals';
import { Quote, QUOTE_COLUMNS } from '@parallax/types';
import { MonitoringCore } from './monitoring-core.js';
import { DEFAULT_THRESHOLDS } from './thresholds.js';

const NOW = 1_790_000_000_000_000;

test('a quote that says no time of its venue tells nothing of its lag: none is known, or the last one stays', () => {
  const core = new MonitoringCore(DEFAULT_THRESHOLDS, NOW, () => {});
  const lagAfter = (exchangeAtUs: number): number | null => {
    const row = new Float64Array(QUOTE_COLUMNS);
    row[Quote.receivedAtUs] = NOW;
    row[Quote.exchangeAtUs] = exchangeAtUs;
    core.onQuote('okx', row, NOW);
    return core.venueReports(NOW)[0].lagUs;
  };
  expect([lagAfter(0), lagAfter(NOW - 42_000), lagAfter(0)]).toEqual([null, 42_000, 42_000]);
});
