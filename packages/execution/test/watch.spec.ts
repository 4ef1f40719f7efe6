import { expect, test } from '@jest/globals';
import { approvedOf, legs, options } from './scene.js';
import { World } from './world.js';

test('while a question is unanswered no other is asked, until it has been on its way for the longest wait', () => {
  const world = new World(({ venue }) => (venue === 'okx' ? { fill: '1', way: 'unanswered' } : { fill: '1' }));
  world.mute = true;
  world.approve(approvedOf());
  world.pass(options.longestQueryDelayUs);
  expect(world.questions).toBe(1);
  world.pass(options.longestQueryDelayUs * 2);
  expect(world.questions).toBeGreaterThan(1);
});

test('an immediate order that rests all the same is cancelled once its validity and the clocks’ margin are over, not before', () => {
  const world = new World(({ venue }) => (venue === 'okx' ? { rests: true } : { fill: '1' }));
  world.approve(approvedOf());
  const cancelled = (): boolean => world.log.includes('cancel okx');
  world.settle();
  world.pass(options.sendValidityUs - options.clockMarginUs);
  const { validUntilUs } = world.requests.find(({ venue }) => venue === 'okx')!;
  // The venue tells of it again and again; that alone cancels nothing.
  const tell = (atUs: number): void => {
    world.nowUs = atUs;
    world.report([...world.atVenue.values()].find(({ side }) => side === 'sell')!);
    world.settle();
  };
  tell(validUntilUs);
  tell(validUntilUs + options.clockMarginUs - 10);
  expect(cancelled()).toBe(false);
  tell(validUntilUs + options.clockMarginUs + 10);
  expect(cancelled()).toBe(true);
});

test('what may rest does, until its approval expires', () => {
  const world = new World(() => ({ rests: true }));
  const resting = legs.map((leg) => ({ ...leg, timeInForce: 'GTC' as const }));
  world.approve(approvedOf('a', { legs: resting }, world.nowUs + 20_000_000));
  world.pass(19_000_000);
  expect(world.states()).toEqual(['leg 0 open 0', 'leg 1 open 0']);
  world.pass(2_000_000);
  expect(world.states()).toEqual(['leg 0 cancelled 0', 'leg 1 cancelled 0']);
});
