import { expect, test } from '@jest/globals';
import type { Intent, RegimeName, Verdict } from '@parallax/types';
import { DEFAULT_LIMITS, type RiskCore, type RiskLimits } from '../src/index.js';
import { fillOf, intentOf, leg, NOW, orderOf, pairIntent, pairWorld, regimeOf, reverse } from './support.js';

const SECOND_US = 1_000_000;
const MAXIMUM_US = DEFAULT_LIMITS.regimeMaxAgeUs;
/** Plans of any time are judged: only regimes age here. */
const LIMITS: Partial<RiskLimits> = { cooldownUs: 0, quoteMaxAgeUs: 3_600 * SECOND_US, regimeMaxAgeUs: MAXIMUM_US };

/** Venues with quotes at which a pair pays; of the regimes only what the test tells. */
function unheard(limits: Partial<RiskLimits> = {}): RiskCore {
  return pairWorld({ ...LIMITS, ...limits }, []).core;
}
const tell = (core: RiskCore, venue: string, regime: RegimeName, atUs = NOW, nowUs = atUs): void =>
  core.onStandingRegime(regimeOf(venue, regime, atUs), nowUs);

let plans = 0;
const judge = (core: RiskCore, nowUs = NOW, intent: Intent = pairIntent(`plan-${plans++}`)): Verdict =>
  core.judge({ ...intent, createdAtUs: nowUs, expiresAtUs: nowUs + SECOND_US }, nowUs);
const refusalsOf = (verdict: Verdict): string[] =>
  verdict.kind === 'refused' ? verdict.refusals.map(({ code, detail }) => `${code}: ${detail}`) : [verdict.kind];

test('until a regime of each leg was heard nothing new is opened, and the refusal names those that lack', () => {
  const core = unheard();
  expect(refusalsOf(judge(core))).toEqual([
    'RISK_STATE_UNKNOWN: leg 0: no regime of a:BTC/USDT was heard', 'RISK_STATE_UNKNOWN: leg 1: no regime of b:BTC/USDT was heard',
  ]);
  tell(core, 'a', 'NORMAL');
  expect(refusalsOf(judge(core))).toEqual(['RISK_STATE_UNKNOWN: leg 1: no regime of b:BTC/USDT was heard']);
  tell(core, 'b', 'NORMAL');
  expect(refusalsOf(judge(core))).toEqual(['approved']);
});

test('a regime is known for the limit’s time and no longer; the next word makes it known again', () => {
  const core = unheard();
  for (const venue of ['a', 'b']) tell(core, venue, 'NORMAL');
  expect(refusalsOf(judge(core, NOW + MAXIMUM_US))).toEqual(['approved']);
  tell(core, 'b', 'NORMAL', NOW + MAXIMUM_US);
  const late = judge(core, NOW + 12 * SECOND_US);
  expect(late).toMatchObject({ kind: 'refused', refusals: [{ code: 'RISK_STATE_UNKNOWN', measured: '12000000', allowed: '10000000' }] });
  expect(refusalsOf(late)).toEqual(['RISK_STATE_UNKNOWN: leg 0: the last regime of a:BTC/USDT is 12 s old (age in µs)']);
  tell(core, 'a', 'NORMAL', NOW + 12 * SECOND_US);
  expect(refusalsOf(judge(core, NOW + 12 * SECOND_US))).toEqual(['approved']);
});

test('the limit is the account’s', () => {
  const core = unheard({ regimeMaxAgeUs: 3 * SECOND_US });
  for (const venue of ['a', 'b']) tell(core, venue, 'NORMAL');
  expect(judge(core, NOW + 3 * SECOND_US).kind).toBe('approved');
  expect(judge(core, NOW + 3 * SECOND_US + 1).kind).toBe('refused');
});

test('one from the future is not known to stand, and the first with a right time takes its place', () => {
  const core = unheard();
  const hour = 3_600 * SECOND_US;
  tell(core, 'a', 'FLASH_CRASH', NOW + hour, NOW);
  tell(core, 'b', 'NORMAL');
  expect(refusalsOf(judge(core))).toEqual([
    'REGIME: the market is in FLASH_CRASH', 'RISK_STATE_UNKNOWN: leg 0: the last regime of a:BTC/USDT is ahead of our clock (µs)',
  ]);
  tell(core, 'a', 'NORMAL', NOW);
  expect(refusalsOf(judge(core))).toEqual(['approved']);
});

test('what was entered shrinks at once and for as long as nothing else is heard, but does not say that it stands', () => {
  const core = unheard();
  core.onRegime(regimeOf('a', 'HIGH_VOLATILITY'), NOW);
  tell(core, 'b', 'NORMAL');
  expect(refusalsOf(judge(core))).toEqual(['RISK_STATE_UNKNOWN: leg 0: no regime of a:BTC/USDT was heard']);
  // A slower horizon makes the leg known; the one that fell silent still counts.
  core.onStandingRegime({ ...regimeOf('a', 'NORMAL'), horizon: '1h' }, NOW);
  expect(judge(core)).toMatchObject({ kind: 'approved', scaledBy: '0.5' });
  core.onStandingRegime({ ...regimeOf('a', 'NORMAL', NOW + 60 * SECOND_US), horizon: '1h' }, NOW + 60 * SECOND_US);
  tell(core, 'b', 'NORMAL', NOW + 60 * SECOND_US);
  expect(judge(core, NOW + 60 * SECOND_US)).toMatchObject({ kind: 'approved', scaledBy: '0.5' });
});

test('a remembered one shrinks and does not make a leg known', () => {
  const core = unheard();
  core.onRememberedRegime(regimeOf('a', 'HIGH_VOLATILITY'));
  core.onRememberedRegime(regimeOf('b', 'NORMAL'));
  expect(refusalsOf(judge(core))).toEqual([
    'RISK_STATE_UNKNOWN: leg 0: no regime of a:BTC/USDT was heard', 'RISK_STATE_UNKNOWN: leg 1: no regime of b:BTC/USDT was heard',
  ]);
  tell(core, 'b', 'NORMAL');
  core.onStandingRegime({ ...regimeOf('a', 'NORMAL'), horizon: '1h' }, NOW);
  expect(judge(core)).toMatchObject({ kind: 'approved', scaledBy: '0.5' });
});

test.each<[string, (core: RiskCore) => void]>([
  ['nothing is known of regimes', () => {}],
  ['the last regime is old', (core) => tell(core, 'a', 'NORMAL', NOW - 60 * SECOND_US)],
  ['the market crashes', (core) => tell(core, 'a', 'FLASH_CRASH')],
])('what only reduces goes at full size where %s', (_, prepare) => {
  const core = unheard();
  prepare(core);
  const held = pairIntent('held');
  core.onFill(fillOf(orderOf(held, 0), 'f1', '0.01'), NOW);
  core.onFill(fillOf(orderOf(held, 1), 'f2', '0.01'), NOW);
  const legs = [leg(0, 'a', 'sell', '99990.00', '0.01'), leg(1, 'b', 'buy', '100510.00', '0.01')];
  const back = intentOf('back', legs, [reverse(0, legs[1], '100500.00'), reverse(1, legs[0], '100000.00')]);
  expect(judge(core, NOW, back)).toMatchObject({ kind: 'approved', scaledBy: '1' });
});
