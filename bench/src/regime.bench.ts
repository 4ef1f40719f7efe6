import { RegimeDetector } from '@parallax/regime';
import { seeded } from '@parallax/testing/seeded';
import { InstrumentTable, Quote } from '@parallax/types';
import type { Bench } from './support/bench.js';
import { spotOf, trustedQuote } from './support/market.js';
import { Samples } from './support/percentiles.js';

const SYMBOLS = 500;
const WARM = 200_000;
const UPDATES = 1_000_000;

export const bench: Bench = {
  name: 'regime',
  description: `one quote into the 1-minute regime of one of ${SYMBOLS} symbols, random walks that enter every state; the timer's own cost beside it`,
  run(report) {
    const next = seeded(11);
    const instruments = new InstrumentTable();
    for (let i = 0; i < SYMBOLS; i++) instruments.add(spotOf('bench', `B${i}`, 8));
    let events = 0;
    const states = new Set<string>();
    const detector = new RegimeDetector(instruments, {
      onRegime: (event) => {
        events++;
        states.add(event.regime);
      },
    });
    const mids = new Float64Array(SYMBOLS).fill(3_000_000);
    const row = trustedQuote();
    let nowUs = 1_700_000_000_000_000;
    const updates = new Samples(UPDATES);
    const timer = new Samples(UPDATES);
    for (let i = -WARM; i < UPDATES; i++) {
      const symbol = Math.floor(next() * SYMBOLS);
      // 5,000 quotes a second over all symbols; now and then a market is wild.
      nowUs += Math.floor(next() * 400);
      const wild = (nowUs / 90_000_000 + symbol) % 10 < 1 ? 12 : 1;
      mids[symbol] = Math.max(1000, mids[symbol] * (1 + (next() - 0.5) * 0.0004 * wild));
      const cents = Math.round(mids[symbol]);
      row[Quote.bidPrice] = cents - 1;
      row[Quote.askPrice] = cents + 1;
      row[Quote.receivedAtUs] = nowUs;
      const startedAt = process.hrtime.bigint();
      detector.onQuote(symbol, row, nowUs);
      const endedAt = process.hrtime.bigint();
      const again = process.hrtime.bigint();
      if (i >= 0) {
        updates.add(Number(endedAt - startedAt) / 1000);
        timer.add(Number(again - endedAt) / 1000);
      }
    }
    const { p50, p99, p999 } = updates.percentiles();
    const alone = timer.percentiles();
    report.row('one update', { p50Us: p50, p99Us: p99, p999Us: p999 });
    report.row('timer alone', { p50Us: alone.p50, p99Us: alone.p99, p999Us: alone.p999 });
    report.reach('one update, p99', p99, 'at most', 1, 'µs');
    report.note(`${events} events left, states seen: ${[...states].sort().join(', ')}; figures hold the timer's cost.`);
  },
};
