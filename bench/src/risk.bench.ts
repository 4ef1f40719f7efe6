import { DEFAULT_LIMITS, RiskCore } from '@parallax/risk';
import { InstrumentTable, type Intent, type PlanLeg, Quote } from '@parallax/types';
import type { Bench } from './support/bench.js';
import { calmRegime, spotOf, trustedQuote } from './support/market.js';
import { Samples } from './support/percentiles.js';

const START_US = 1_760_000_000_000_000;
const VENUES = 20;
const SYMBOLS = 50;
const CHECKS = 100_000;
const ACCOUNT = 'main';

/** A core that knows 1,000 instruments at 20 venues, holds some positions and has realised some profit. */
function makeCore(): { core: RiskCore; quote: (venue: number, symbol: number, nowUs: number) => void } {
  const instruments = new InstrumentTable();
  for (let venue = 0; venue < VENUES; venue++) {
    for (let symbol = 0; symbol < SYMBOLS; symbol++) instruments.add(spotOf(`venue${venue}`, `COIN${symbol}`, 5));
  }
  const core = new RiskCore({ instruments, limits: { ...DEFAULT_LIMITS, capital: '1000000000', cooldownUs: 0 }, retentionUs: 1_000_000 });
  const row = trustedQuote();
  const quote = (venue: number, symbol: number, nowUs: number): void => {
    row[Quote.receivedAtUs] = row[Quote.changedAtUs] = row[Quote.provenAtUs] = nowUs;
    row[Quote.bidPrice] = 100_000 + venue * 100;
    row[Quote.askPrice] = 100_001 + venue * 100;
    core.onQuote(venue * SYMBOLS + symbol, row, nowUs);
    core.onStandingRegime(calmRegime(instruments.get(venue * SYMBOLS + symbol), nowUs), nowUs);
  };
  for (let venue = 0; venue < VENUES; venue++) {
    core.setStartBalance(ACCOUNT, `venue${venue}`, 'USDT', '1000000000');
    for (let symbol = 0; symbol < SYMBOLS; symbol++) {
      core.setStartBalance(ACCOUNT, `venue${venue}`, `COIN${symbol}`, '1000000');
      quote(venue, symbol, START_US);
      if (symbol % 5 !== 0) continue;
      const side = venue % 2 === 0 ? 'buy' : 'sell';
      core.onFill({
        id: `held-${venue}-${symbol}`, orderId: 'held', intentId: `held-${venue}-${symbol}`, leg: 0, account: ACCOUNT, strategy: 'taker',
        venue: `venue${venue}`, symbol: `COIN${symbol}/USDT`, side, price: '1000.07', size: '0.10001', fee: '0.1', feeCurrency: 'USDT',
        liquidity: 'taker', atUs: START_US,
      }, START_US);
    }
  }
  return { core, quote };
}

function intentOf(count: number, nowUs: number): Intent {
  const symbol = `COIN${(count * 7) % SYMBOLS}/USDT`;
  const at = count % (VENUES - 1);
  const size = `0.${10_000 + (count % 1_000)}`;
  const leg = (number: number, venue: number, side: 'buy' | 'sell', price: string): PlanLeg => ({
    leg: number, venue: `venue${venue}`, symbol, side, type: 'limit', timeInForce: 'IOC', price, size,
  });
  const legs = [leg(0, at, 'buy', `${1000 + at}.01`), leg(1, at + 1, 'sell', `${1001 + at}.00`)];
  const exit = (forLeg: number, of: PlanLeg) => ({
    kind: 'reverse' as const, forLeg, venue: of.venue, symbol, side: of.side === 'buy' ? 'sell' as const : 'buy' as const,
    price: of.price, size, costLimit: '1',
  });
  return {
    id: `intent-${count}`, account: ACCOUNT, strategy: 'taker', kind: 'arbitrage', opportunityId: `opportunity-${count}`,
    plan: { legs, exits: [exit(0, legs[1]), exit(1, legs[0])], currency: 'USDT', notional: '105' },
    expectedNet: '0.5', createdAtUs: nowUs, expiresAtUs: nowUs + 100_000,
  };
}

/** Integer arithmetic without memory or branches: what it takes beyond its median is the machine's noise. */
function fixedLoop(): number {
  let value = 1;
  for (let i = 0; i < 18_000; i++) value = (Math.imul(value, 1_664_525) + 1_013_904_223) | 0;
  return value;
}

export const bench: Bench = {
  name: 'risk',
  description: `one two-leg plan with two exits through every check in the core, ${VENUES * SYMBOLS} instruments at ${VENUES} venues, 200 open positions`,
  run(report) {
    const { core, quote } = makeCore();
    const approving = new Samples(CHECKS);
    const refusing = new Samples(CHECKS);
    const noise = new Samples(CHECKS);
    let nowUs = START_US;
    let approved = 0;
    let kept = 0;
    for (let count = 0; count < CHECKS * 2 + 20_000; count++) {
      nowUs += 10_000;
      const venue = count % (VENUES - 1);
      const symbol = (count * 7) % SYMBOLS;
      quote(venue, symbol, nowUs);
      quote(venue + 1, symbol, nowUs);
      const refuses = count % 2 === 1;
      const intent = refuses ? { ...intentOf(count, nowUs), expectedNet: '-1' } : intentOf(count, nowUs);
      // Reservations that run out and verdicts to forget are the timer's work, as in the service.
      if (nowUs >= core.wakeAtUs) core.onWake(nowUs);
      const startedAt = performance.now();
      const verdict = core.judge(intent, nowUs);
      const tookUs = (performance.now() - startedAt) * 1000;
      if (verdict.kind === 'approved') approved++;
      if (refuses) {
        const loopAt = performance.now();
        kept ^= fixedLoop();
        noise.add((performance.now() - loopAt) * 1000);
      }
      if (count >= 20_000) (refuses ? refusing : approving).add(tookUs);
    }
    for (const [what, samples] of [['approved and reserved', approving], ['refused', refusing]] as const) {
      const { count, p50, p99, p999, maximum } = samples.percentiles();
      report.row(what, { checks: count, p50Us: p50, p99Us: p99, p999Us: p999, maximumUs: maximum });
      report.reach(`${what}: p99 of one two-leg check`, p99, 'at most', 50, 'µs');
    }
    const quiet = noise.percentiles();
    report.row('a fixed integer loop, interleaved', { checks: quiet.count, p50Us: quiet.p50, p99Us: quiet.p99, p999Us: quiet.p999, maximumUs: quiet.maximum });
    report.note(`the loop allocates nothing: its p99 above its p50 is the noise of the machine at that moment (${kept & 1})`);
    report.note(`${approved} of ${CHECKS * 2 + 20_000} plans were approved; 10,000 µs of event time pass between plans; reservations last 5.1 s of it`);
  },
};
