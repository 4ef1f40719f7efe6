import { expect, test } from '@jest/globals';
import { approvedOf } from './scene.js';
import { World } from './world.js';

const queried = ({ tasks }: World): number => tasks.findIndex(({ name }) => name.startsWith('query'));

test('an order that is about to go again goes once, however often its venue says meanwhile that it does not know it', () => {
  let purchases = 0;
  const world: World = new World(({ venue }) => (venue === 'binance' && ++purchases === 1 ? { way: 'lost' } : { fill: '1' }));
  world.approve(approvedOf());
  world.settle();
  for (let rounds = 0; rounds < 100 && world.core.resent === 0; rounds++) {
    world.wakeAt(world.core.wakeAtUs);
    while (world.core.resent === 0 && world.tasks.length > 0) world.step(0);
  }
  const before = world.questions;
  // The record that says so is slow to be stored; questions and their answers are not.
  for (let rounds = 0; rounds < 5; rounds++) {
    world.wakeAt(world.nowUs + 5_000_000);
    for (let at = queried(world); at >= 0; at = queried(world)) world.step(at);
  }
  expect([world.core.resent, purchases, world.questions > before + 2]).toEqual([1, 1, true]);
  world.passUntilOver();
  expect([world.core.resent, purchases]).toEqual([1, 2]);
  expect([...world.newest().values()]).toMatchObject([{ outcome: 'completed', total: '0.8' }]);
});
