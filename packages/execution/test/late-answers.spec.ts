import { expect, test } from '@jest/globals';
import type { PlaceOutcome } from '@parallax/types';
import { approvedOf } from './scene.js';
import { World } from './world.js';

/** Answers that come when the order has gone on without them. */
const TOO_OLD: PlaceOutcome = { kind: 'rejected', code: 'REQUEST_TOO_OLD', detail: 'the request arrived after its validity' };
/** The first request to Binance goes lost as far as anybody can tell; what comes after it fills. */
const slowWorld = (): World => new World((request) => (request.venue === 'binance' && request.clientId === firstOf(world) && purchases(world) === 1 ? { way: 'lost' } : { fill: '1' }));
let world: World;
const firstOf = ({ requests }: World): string | undefined => requests.find(({ venue }) => venue === 'binance')?.clientId;
const purchases = ({ requests }: World): number => requests.filter(({ venue, side }) => venue === 'binance' && side === 'buy').length;

/** Until the purchase is about to be sent again: its record is being stored. */
function untilSentAgain(): void {
  world = slowWorld();
  world.quote('kraken', '100.9', '101');
  world.approve(approvedOf());
  world.settle();
  for (let rounds = 0; rounds < 100 && world.core.resent === 0; rounds++) {
    world.wakeAt(world.core.wakeAtUs);
    while (world.core.resent === 0 && world.tasks.length > 0) world.step(0);
  }
  expect([world.core.resent, purchases(world)]).toEqual([1, 1]);
}
const answerFirst = (outcome: PlaceOutcome): void => world.core.onPlaced(world.requests.find(({ venue }) => venue === 'binance')!, outcome, world.nowUs);

test('an order that was refused while it was about to go again does not go again', () => {
  untilSentAgain();
  answerFirst(TOO_OLD);
  world.passUntilOver();
  // What was sold is bought back, and the purchase itself is not made any more.
  expect(purchases(world)).toBe(1);
  expect([...world.newest().values()]).toMatchObject([{ revision: 1, uneven: null }]);
  expect([world.core.orders.illegal, world.core.orders.lateFills]).toEqual([0, 0]);
});

test('an order that its venue took after all while it was about to go again does not go again', () => {
  untilSentAgain();
  const { clientId, account, symbol, side, price, size } = world.requests.find(({ venue }) => venue === 'binance')!;
  const fill = { tradeId: 't', price, size, fee: '0.1', feeCurrency: 'USDT', liquidity: 'taker' as const, atUs: world.nowUs };
  answerFirst({ kind: 'accepted', order: { clientId, venueOrderId: 'v', account, symbol, side, price, size, status: 'filled', filledSize: size, fills: [fill], reason: null, atUs: world.nowUs } });
  world.passUntilOver();
  expect(purchases(world)).toBe(1);
  expect([...world.newest().values()]).toMatchObject([{ outcome: 'completed', total: '0.8' }]);
});

test('the refusal of a request says nothing of the one that was sent after it', () => {
  untilSentAgain();
  while (purchases(world) === 1) world.step(0);
  answerFirst(TOO_OLD);
  world.passUntilOver();
  expect([...world.newest().values()]).toMatchObject([{ outcome: 'completed', revision: 1, total: '0.8' }]);
  expect([world.requests.length, world.core.orders.lateFills]).toEqual([3, 0]);
});
