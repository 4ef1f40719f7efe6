import { expect, test } from '@jest/globals';
import { REFUSAL_CODES, Trust } from '@parallax/types';
import { approvalId, carriesMark, EVERYWHERE } from '../src/index.js';
import { ACCOUNT, codesOf, fillOf, intentOf, leg, NOW, orderOf, pairIntent, pairWorld, regimeOf, reverse, spot, worldOf } from './support.js';

const seen = new Set<string>();
const expectCodes = (verdict: Parameters<typeof codesOf>[0], codes: string[]): void => {
  for (const code of codesOf(verdict)) seen.add(code);
  expect(codesOf(verdict)).toEqual(codes);
};

test('approves a plan within every limit, and reserves it', () => {
  const { core } = pairWorld();
  const verdict = core.judge(pairIntent('one'), NOW);
  expect(verdict).toMatchObject({ kind: 'approved', id: approvalId('one', 7), reserved: '2005', scaledBy: '1', epoch: 7 });
  const { exposures } = core.ledger(ACCOUNT);
  expect(exposures.worstValue('a:BTC/USDT').toFixed()).toBe('1000');
  expect(exposures.worstValue('b:BTC/USDT').toFixed()).toBe('1005');
  if (verdict.kind !== 'approved') return;
  expect(carriesMark(verdict)).toBe(true);
  expect(carriesMark({ ...verdict, epoch: 8 })).toBe(false);
});

test.each<[string, string[], (world: ReturnType<typeof pairWorld>) => ReturnType<typeof pairIntent>]>([
  ['a halt everywhere', ['HALTED'], ({ core }) => (core.halts.halt({ who: 'x', why: 'y' }, NOW), pairIntent('i'))],
  ['a halt of the account', ['HALTED'], ({ core }) => (core.halts.halt({ account: ACCOUNT, who: 'x', why: 'y' }, NOW), pairIntent('i'))],
  ['limits unread', ['RISK_STATE_UNKNOWN'], ({ core }) => (core.setKnown('the halt record cannot be read', false), pairIntent('i'))],
  ['a limit of one order below what the venues take', ['NOTIONAL_LIMIT', 'NOTIONAL_LIMIT', 'NOTIONAL_LIMIT', 'NOTIONAL_LIMIT'], ({ core }) => {
    core.setLimits(ACCOUNT, { ...core.limitsOf(ACCOUNT), maxOrderNotional: '4.99' });
    return pairIntent('i');
  }],
  ['no quote', ['QUOTE_MISSING'], () => {
    const legs = [leg(0, 'c', 'buy', '100000.00', '0.01'), leg(1, 'b', 'sell', '100500.00', '0.01')];
    return intentOf('i', legs, [reverse(0, legs[1], '101000.00'), reverse(1, legs[0], '99500.00')]);
  }],
  ['an old quote', ['QUOTE_TOO_OLD'], (w) => (w.quote('a', 'BTC/USDT', '99990.00', '100000.00', { atUs: NOW - 2_000_001 }), pairIntent('i'))],
  ['a quote of an hour ahead', ['QUOTE_AGE_UNKNOWN'], (w) => (w.quote('a', 'BTC/USDT', '99990.00', '100000.00', { atUs: NOW + 3_600_000_000 }), pairIntent('i'))],
  ['an intent of an hour ahead', ['EXPIRED', 'VALID_TOO_LONG'], () => pairIntent('i', '0.01', { createdAtUs: NOW + 3_600_000_000, expiresAtUs: NOW + 3_601_000_000 })],
  ['a suspect book', ['QUOTE_UNTRUSTED'], (w) => (w.quote('a', 'BTC/USDT', '99990.00', '100000.00', { trust: Trust.suspect }), pairIntent('i'))],
  ['a quote of another version', ['QUOTE_UNTRUSTED'], (w) => (w.quote('a', 'BTC/USDT', '99990.00', '100000.00', { version: 2 }), pairIntent('i'))],
  ['a flash crash', ['REGIME'], ({ core }) => (core.onRegime(regimeOf('a', 'FLASH_CRASH'), NOW), pairIntent('i'))],
  ['unbalanced legs', ['LEGS_UNBALANCED'], () => {
    const legs = [leg(0, 'a', 'buy', '100000.00', '0.01'), leg(1, 'b', 'sell', '100500.00', '0.00998')];
    return intentOf('i', legs, [reverse(0, legs[1], '101000.00'), reverse(1, legs[0], '99500.00')]);
  }],
  ['no way out', ['EXIT_MISSING', 'EXIT_MISSING'], () => intentOf('i', pairIntent('x').plan.legs, [])],
  ['a way out at any cost', ['EXIT_MISSING'], () => {
    const { legs, exits } = pairIntent('x').plan;
    return intentOf('i', legs, [{ ...exits[0], costLimit: '21' }, exits[1]]);
  }],
  ['too little balance', ['BALANCE_INSUFFICIENT'], ({ core }) => (core.setStartBalance(ACCOUNT, 'a', 'USDT', '1001.99'), pairIntent('i'))],
  ['an unknown instrument', ['INSTRUMENT_UNKNOWN', 'EXIT_MISSING'], () => {
    const legs = [leg(0, 'z', 'buy', '100000.00', '0.01'), leg(1, 'b', 'sell', '100500.00', '0.01')];
    return intentOf('i', legs, [reverse(0, legs[1], '101000.00')]);
  }],
  ['a halted instrument', ['INSTRUMENT_NOT_TRADING', 'INSTRUMENT_NOT_TRADING'], ({ table }) => (table.add(spot('a', { status: 'halted' })), pairIntent('i'))],
  ['a size finer than the scale', ['SIZE_INVALID'], () => {
    const { legs, exits } = pairIntent('x').plan;
    return intentOf('i', legs, [{ ...exits[0], size: '0.010001' }, exits[1]]);
  }],
  ['an expired intent', ['EXPIRED'], () => pairIntent('i', '0.01', { expiresAtUs: NOW })],
  ['an intent that would be good for ten years', ['VALID_TOO_LONG'], () => pairIntent('i', '0.01', { expiresAtUs: NOW + 10 * 365 * 86_400_000_000 })],
  ['an intent that would be good for a microsecond too long', ['VALID_TOO_LONG'], () => pairIntent('i', '0.01', { expiresAtUs: NOW + 60_000_001 })],
  ['an edge that is gone', ['EDGE_GONE'], (w) => (w.quote('b', 'BTC/USDT', '100499.99', '100510.00'), pairIntent('i'))],
  ['an edge that costs ate', ['EDGE_GONE'], () => pairIntent('i', '0.01', { expectedNet: '-0.01' })],
  ['every reason at once', ['HALTED', 'EXPIRED', 'EDGE_GONE'], ({ core }) => {
    core.halts.halt({ who: 'x', why: 'y' }, NOW);
    return pairIntent('i', '0.01', { expiresAtUs: NOW, expectedNet: '0' });
  }],
])('refuses %s', (name, codes, prepare) => {
  const world = name === 'no quote' ? worldOf([spot('a'), spot('b'), spot('c')]) : pairWorld();
  if (name === 'no quote') world.quote('b', 'BTC/USDT', '100500.00', '100510.00');
  expectCodes(world.core.judge(prepare(world), NOW), name === 'an unknown instrument' ? ['INSTRUMENT_UNKNOWN', 'EXIT_MISSING'] : codes);
});

test('how long an intent may be good is a limit of the account, counted from when it is judged', () => {
  const { core } = pairWorld({ maxValidityUs: 90_000_000, cooldownUs: 0 });
  expectCodes(core.judge(pairIntent('long', '0.01', { createdAtUs: NOW - 1, expiresAtUs: NOW + 90_000_001 }), NOW), ['VALID_TOO_LONG']);
  const verdict = core.judge(pairIntent('good', '0.01', { createdAtUs: NOW - 1, expiresAtUs: NOW + 90_000_000 }), NOW);
  expect(verdict).toMatchObject({ kind: 'approved', expiresAtUs: NOW + 90_000_000 });
});

test('a verdict that nobody heard is taken back with what it reserved, and another writer’s counts', () => {
  const { core } = pairWorld();
  const [verdict, { exposures }] = [core.judge(pairIntent('one'), NOW), core.ledger(ACCOUNT)];
  core.retract(pairIntent('one'), NOW);
  expect([exposures.worstValue('a:BTC/USDT').toFixed(), core.verdicts.size]).toEqual(['0', 0]);
  if (verdict.kind !== 'approved') throw new Error('it was to be approved');
  core.onApproved({ ...verdict, epoch: 8, id: approvalId('one', 8) }, NOW);
  expect(exposures.worstValue('a:BTC/USDT').toFixed()).toBe('1000');
  expect(core.judge(pairIntent('one'), NOW)).toMatchObject({ kind: 'approved', epoch: 8 });
});

test('position and venue limits count what is reserved already', () => {
  const { core } = pairWorld({ maxPositionNotional: '1500', cooldownUs: 0 });
  expect(core.judge(pairIntent('one'), NOW).kind).toBe('approved');
  expectCodes(core.judge(pairIntent('two'), NOW), ['POSITION_LIMIT', 'POSITION_LIMIT']);
  const venues = pairWorld({ capital: '5000', cooldownUs: 0 });
  expect(venues.core.judge(pairIntent('one'), NOW).kind).toBe('approved');
  expectCodes(venues.core.judge(pairIntent('two'), NOW), ['VENUE_EXPOSURE_LIMIT', 'VENUE_EXPOSURE_LIMIT']);
});

test('losses of the hour and the UTC day stop new plans until they leave the window', () => {
  const { core, quote } = pairWorld({ maxHourlyLoss: '10', maxDailyLoss: '20', cooldownUs: 0 });
  const lossy = pairIntent('lost');
  const buy = orderOf(lossy, 0);
  core.onFill(fillOf(buy, 'f1', '0.01', '101000.00'), NOW);
  core.onFill(fillOf(orderOf(lossy, 1), 'f2', '0.01', '99000.00'), NOW);
  expectCodes(core.judge(pairIntent('one'), NOW), ['HOURLY_LOSS_LIMIT', 'DAILY_LOSS_LIMIT']);
  const hourLater = NOW + 3_600_000_000;
  quote('a', 'BTC/USDT', '99990.00', '100000.00', { atUs: hourLater });
  quote('b', 'BTC/USDT', '100500.00', '100510.00', { atUs: hourLater });
  expectCodes(core.judge(pairIntent('two', '0.01', { expiresAtUs: hourLater + 1 }), hourLater), ['DAILY_LOSS_LIMIT']);
  const dayLater = NOW + 86_400_000_000;
  quote('a', 'BTC/USDT', '99990.00', '100000.00', { atUs: dayLater });
  quote('b', 'BTC/USDT', '100500.00', '100510.00', { atUs: dayLater });
  expect(core.judge(pairIntent('three', '0.01', { expiresAtUs: dayLater + 1 }), dayLater).kind).toBe('approved');
});

test('a quote of an older specification marks nothing: its integers mean other prices', () => {
  const { core, quote, table } = worldOf([spot('a'), spot('b'), spot('c')], { maxHourlyLoss: '10', cooldownUs: 0 });
  for (const [venue, bid, ask] of [['a', '99990.00', '100000.00'], ['b', '100500.00', '100510.00'], ['c', '99990.00', '100000.00']]) {
    quote(venue, 'BTC/USDT', bid, ask);
  }
  core.onFill(fillOf({ ...orderOf(pairIntent('held'), 0), venue: 'c' }, 'f1', '0.01', '100000.00'), NOW);
  table.add(spot('c', { priceScale: 3, version: 2 }));
  expect(core.judge(pairIntent('one'), NOW).kind).toBe('approved');
});

test('an open loss counts beside the realised ones', () => {
  const { core, quote } = pairWorld({ maxHourlyLoss: '10', cooldownUs: 0 });
  core.onFill(fillOf(orderOf(pairIntent('held'), 0), 'f1', '0.01', '100000.00'), NOW);
  quote('a', 'BTC/USDT', '98990.00', '99000.00');
  expectCodes(core.judge(pairIntent('one'), NOW), ['HOURLY_LOSS_LIMIT']);
});

test('a refusal pauses the pair, and a pause does not prolong itself', () => {
  const { core } = pairWorld();
  expectCodes(core.judge(pairIntent('one', '0.01', { expectedNet: '-1' }), NOW), ['EDGE_GONE']);
  expectCodes(core.judge(pairIntent('two'), NOW + 999_999), ['COOLDOWN']);
  expect(core.judge(pairIntent('three', '0.01', { expiresAtUs: NOW + 9_000_000 }), NOW + 1_000_000).kind).toBe('approved');
});

test('the same intent gets the same verdict and reserves once; another plan under its id is refused', () => {
  const { core } = pairWorld();
  const first = core.judge(pairIntent('one'), NOW);
  expect(core.judge(pairIntent('one'), NOW + 5)).toBe(first);
  expect(core.ledger(ACCOUNT).exposures.worstValue('a:BTC/USDT').toFixed()).toBe('1000');
  expectCodes(core.judge(pairIntent('one', '0.02'), NOW + 5), ['DUPLICATE']);
  expect(core.judge(pairIntent('one'), NOW + 5)).toBe(first);
});

test('resuming takes back the halt and both are told', () => {
  const { core } = pairWorld();
  const { audit, record } = core.halts.halt({ who: 'ada', why: 'drill' }, NOW);
  expect(audit).toMatchObject({ action: 'halt', account: null, who: 'ada', why: 'drill', service: 'risk', atUs: NOW });
  // Somebody else cannot lift it through shared state.
  expect(core.halts.observe(EVERYWHERE, { ...record, halted: false })).toEqual(record);
  expectCodes(core.judge(pairIntent('one'), NOW), ['HALTED']);
  core.halts.resume({ who: 'ada', why: 'done' }, NOW + 1);
  expect(core.judge(pairIntent('two'), NOW + 1).kind).toBe('approved');
});

test('every code of the list was seen refusing', () => {
  expect([...seen].toSorted()).toEqual(Object.keys(REFUSAL_CODES).toSorted());
});
