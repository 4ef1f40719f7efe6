import { expect, test } from '@jest/globals';
import type { Order, PlanExit, PlanResult } from '@parallax/types';
import { holdingKey } from '../src/ledger/holding-key.js';
import { ACCOUNT, codesOf, fillOf, intentOf, NOW, orderOf, pairIntent, spot, type World, worldOf } from './support.js';

const SECOND = 1_000_000;
const GRACE_US = 5 * SECOND;

const world = (limits: Parameters<typeof worldOf>[1] = {}): World => {
  const made = worldOf([spot('a'), spot('b'), spot('c')], { cooldownUs: 0, ...limits });
  made.quote('a', 'BTC/USDT', '99990.00', '100000.00');
  made.quote('b', 'BTC/USDT', '100500.00', '100510.00');
  made.quote('c', 'BTC/USDT', '100190.00', '100200.00');
  return made;
};
/** Buys 0.01 at `a`, sells it at `b`; where the purchase fails it is had at `at`, or the sale is taken back. */
const hedgedAt = (at: string, id = 'i') => {
  const { legs, exits } = pairIntent('x').plan;
  const hedge: PlanExit = { ...legs[0], kind: 'hedge', forLeg: 0, venue: at, price: '100200.00', costLimit: '10' };
  return intentOf(id, legs, [hedge, ...exits]);
};
const reserved = ({ core }: World, venue: string, side: 'buy' | 'sell' = 'buy'): string =>
  core.ledger(ACCOUNT).exposures.get(`${venue}:BTC/USDT`)?.[side].size.toFixed() ?? '0';
const result = (changes: Partial<PlanResult>): PlanResult => ({
  intentId: 'i', approvalId: '', account: ACCOUNT, strategy: 'taker', revision: 1, fillCount: 0, outcome: 'completed', currency: 'USDT',
  spread: '0', slippage: '0', fees: '0', otherFees: {}, exitCost: '0', held: '0', total: '0', passedOver: {}, uneven: null, dust: null,
  finishedAtUs: NOW, ...changes,
});

/** The sale filled, the purchase ended unfilled. */
function purchaseFailed(at: string): { made: World; buy: Order; sell: Order } {
  const made = world();
  const intent = hedgedAt(at);
  expect(made.core.judge(intent, NOW).kind).toBe('approved');
  const [buy, sell] = [orderOf(intent, 0), orderOf(intent, 1)];
  for (const order of [buy, sell]) made.core.onOrder(order, NOW);
  made.core.onFill(fillOf(sell, 'f1', '0.01'), NOW);
  made.core.onOrder({ ...sell, state: 'filled', filledSize: '0.01' }, NOW);
  made.core.onOrder({ ...buy, state: 'cancelled' }, NOW);
  return { made, buy, sell };
}

test('an exit that has the leg once more at its own venue is reserved when the leg has ended, and until the plan has', () => {
  const { made, buy } = purchaseFailed('a');
  expect(reserved(made, 'a')).toBe('0.01');
  const retry: Order = { ...buy, id: 'retry', purpose: 'hedge', price: '100200.00', state: 'open' };
  made.core.onOrder(retry, NOW);
  expect(reserved(made, 'a')).toBe('0.01');
  // Its money is not to be had by another plan: 0.01 at 100,200 with the allowance for the fee.
  const { balances, exposures } = made.core.ledger(ACCOUNT);
  expect(balances.get('a', 'USDT').minus(exposures.held(holdingKey('a', 'USDT'))).toFixed()).toBe('998998');
  made.core.onFill(fillOf(retry, 'f2', '0.004'), NOW);
  made.core.onOrder({ ...retry, state: 'cancelled', filledSize: '0.004' }, NOW);
  // Execution waits for a better price, longer than any order's grace, and may try the rest again.
  made.core.onWake(NOW + 60 * SECOND);
  expect(reserved(made, 'a')).toBe('0.006');
  made.core.onResult(result({ fillCount: 2, outcome: 'held' }), NOW + 61 * SECOND);
  expect(reserved(made, 'a')).toBe('0');
});

test('taking back what a leg filled is reserved as soon as it has filled, and until the plan has ended', () => {
  const { made, sell } = purchaseFailed('c');
  expect(reserved(made, 'b')).toBe('0.01');
  made.core.onWake(NOW + 60 * SECOND);
  expect(reserved(made, 'b')).toBe('0.01');
  const back: Order = { ...sell, id: 'back', leg: 0, purpose: 'reverse', side: 'buy', price: '101000.00' };
  made.core.onOrder(back, NOW);
  made.core.onFill(fillOf(back, 'f2', '0.01'), NOW);
  expect(reserved(made, 'b')).toBe('0');
});

test('a fill beyond a result takes the plan up again, one that the result counts and that has not come keeps it open', () => {
  const { made, buy } = purchaseFailed('c');
  made.core.onResult(result({ fillCount: 2, outcome: 'exited' }), NOW);
  expect([reserved(made, 'b'), reserved(made, 'c')]).toEqual(['0.01', '0.01']);
  made.core.onResult(result({ fillCount: 1, outcome: 'held' }), NOW);
  // Told once more, or late: the newest revision stands, and the same one says the same.
  expect(reserved(made, 'b')).toBe('0.01');
  made.core.onResult(result({ revision: 2, fillCount: 1, outcome: 'held' }), NOW);
  expect([reserved(made, 'b'), reserved(made, 'c')]).toEqual(['0', '0']);
  made.core.onFill(fillOf(buy, 'late', '0.01'), NOW + 90 * SECOND);
  expect([reserved(made, 'a', 'sell'), reserved(made, 'b'), reserved(made, 'c')]).toEqual(['0.01', '0.01', '0.01']);
  made.core.onResult(result({ revision: 3, fillCount: 2 }), NOW + 91 * SECOND);
  expect([reserved(made, 'a', 'sell'), reserved(made, 'b'), reserved(made, 'c')]).toEqual(['0', '0', '0']);
});

test('results from before fills were counted end their plans', () => {
  const { made } = purchaseFailed('c');
  made.core.onResult(result({ fillCount: 0, outcome: 'nothing-filled' }), NOW);
  expect(reserved(made, 'c')).toBe('0.01');
  made.core.onResult(result({ revision: 2, fillCount: 0, outcome: 'exited' }), NOW);
  expect(reserved(made, 'c')).toBe('0');
});

test('a plan of which nothing came by its deadline has nothing to come', () => {
  const made = world();
  const intent = hedgedAt('c');
  expect(made.core.judge(intent, NOW).kind).toBe('approved');
  made.core.onWake(intent.expiresAtUs + GRACE_US - 1);
  expect([reserved(made, 'a'), reserved(made, 'b', 'sell'), reserved(made, 'c')]).toEqual(['0.01', '0.01', '0.01']);
  made.core.onWake(intent.expiresAtUs + GRACE_US);
  expect([reserved(made, 'a'), reserved(made, 'b', 'sell'), reserved(made, 'c')]).toEqual(['0', '0', '0']);
});

test('past the deadline exits stay reserved while an order lives, and such a plan is not forgotten', () => {
  const made = world();
  const intent = hedgedAt('c');
  made.core.judge(intent, NOW);
  made.core.onOrder(orderOf(intent, 0), NOW);
  made.core.onWake(NOW + 60 * SECOND);
  // The sale never came; the purchase may still fill, and want its exits.
  expect([reserved(made, 'a'), reserved(made, 'b', 'sell'), reserved(made, 'c')]).toEqual(['0.01', '0', '0.01']);
  made.core.onResult(result({ outcome: 'nothing-filled' }), NOW);
  expect([reserved(made, 'a'), reserved(made, 'c')]).toEqual(['0.01', '0']);
  const { records } = made.core.ledger(ACCOUNT);
  // Nothing of a live order is reserved where its approval was taken back: it is remembered all the same.
  made.core.retract(intent, NOW);
  made.core.forget(NOW + 86_400 * SECOND);
  expect(records.size).toBe(1);
  made.core.onOrder({ ...orderOf(intent, 0), state: 'cancelled' }, NOW);
  made.core.forget(NOW + 86_400 * SECOND);
  expect(records.size).toBe(0);
});

test('a hedge at a third venue is reserved there: its limits and its balance count', () => {
  const made = world();
  expect(made.core.judge(hedgedAt('c'), NOW)).toMatchObject({ kind: 'approved', reserved: '3007' });
  expect(made.core.ledger(ACCOUNT).exposures.worstValue('c:BTC/USDT').toFixed()).toBe('1002');
  const refused = (limits: Parameters<typeof worldOf>[1], cash = '1000000'): string[] => {
    const other = world(limits);
    other.core.setStartBalance(ACCOUNT, 'c', 'USDT', cash);
    for (const venue of ['a', 'b']) other.core.setStartBalance(ACCOUNT, venue, 'USDT', '1000000');
    other.core.onFill(fillOf({ ...orderOf(pairIntent('before'), 0), venue: 'c' }, 'f', '0.01', '100000.00'), NOW);
    return codesOf(other.core.judge(hedgedAt('c'), NOW));
  };
  expect(refused({ maxPositionNotional: '2002' })).toEqual([]);
  expect(refused({ maxPositionNotional: '2001.99' })).toEqual(['POSITION_LIMIT']);
  expect(refused({ capital: '2001.99', maxVenueExposure: '1' })).toEqual(['VENUE_EXPOSURE_LIMIT']);
  // 1,000 went for what is held there; 1,002 and 2.004 for its fee are wanted.
  expect(refused({}, '2004.004')).toEqual([]);
  expect(refused({}, '2004.003')).toEqual(['BALANCE_INSUFFICIENT']);
});

test('alternatives on one side of an instrument are reserved once', () => {
  const made = world();
  const { legs, exits } = hedgedAt('c').plan;
  const dearer = { ...exits[0], price: '100300.00' };
  expect(made.core.judge(intentOf('i', legs, [...exits, dearer]), NOW)).toMatchObject({ kind: 'approved', reserved: '3008' });
});

test('an approval of the stream is reserved, though another instance refused the intent or approved less of it', () => {
  const approval = world().core.judge(hedgedAt('c'), NOW);
  if (approval.kind !== 'approved') throw new Error('refused');
  const stored = { ...approval, id: 'of-another-instance' };
  const refusing = world();
  refusing.core.halts.observe('*', { halted: true, by: 'a', reason: 'b', atUs: NOW }, true);
  const lessening = world({ maxOrderNotional: '600' });
  expect([refusing.core.judge(hedgedAt('c'), NOW).kind, lessening.core.judge(hedgedAt('c'), NOW).kind]).toEqual(['refused', 'approved']);
  expect([reserved(refusing, 'a'), Number(reserved(lessening, 'a')) < 0.01]).toEqual(['0', true]);
  for (const made of [refusing, lessening]) {
    for (let times = 0; times < 2; times++) made.core.onApproved(stored, NOW);
    expect(reserved(made, 'a')).toBe('0.01');
    // Of two in the stream execution carries out the first.
    made.core.onApproved({ ...stored, id: 'second', plan: { ...stored.plan, legs: stored.plan.legs.map((leg) => ({ ...leg, size: '0.02' })) } }, NOW);
    expect(reserved(made, 'a')).toBe('0.01');
    made.core.onWake(NOW + 3_600 * SECOND);
    expect(reserved(made, 'a')).toBe('0');
  }
});
