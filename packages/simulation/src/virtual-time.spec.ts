import { expect, test } from '@jest/globals';
import { VirtualTime } from './virtual-time.js';

test('alarms ring in order of their time, then of their setting, each at its own moment', () => {
  const time = new VirtualTime(1_000_000);
  const rung: [string, number][] = [];
  const ring = (name: string) => (): void => void rung.push([name, time.nowUs()]);
  time.after(3, ring('third'));
  time.after(1, ring('first'));
  const cancel = time.after(2, ring('cancelled'));
  time.after(1, ring('second'));
  time.after(9, ring('later'));
  cancel();
  time.advanceTo(1_004_000);
  expect(rung).toEqual([['first', 1_001_000], ['second', 1_001_000], ['third', 1_003_000]]);
  expect(time.nowUs()).toBe(1_004_000);
});

test('the alarm that is next can be cancelled as well as any other, and only once', () => {
  const time = new VirtualTime();
  const rung: string[] = [];
  const cancels = ['first', 'second', 'third'].map((name, i) => time.after(i + 1, () => void rung.push(name)));
  cancels[0]();
  cancels[0]();
  time.advanceTo(2_000);
  cancels[1]();
  expect(rung).toEqual(['second']);
  time.advanceTo(9_000);
  expect(rung).toEqual(['second', 'third']);
});

test('what an alarm sets rings on the same way where it falls due', () => {
  const time = new VirtualTime();
  const rung: number[] = [];
  const again = (): void => {
    rung.push(time.nowUs());
    time.after(2, again);
  };
  time.after(2, again);
  time.advanceTo(7_000);
  expect(rung).toEqual([2_000, 4_000, 6_000]);
});

test('time never runs back', () => {
  const time = new VirtualTime(5_000);
  time.advanceTo(4_000);
  expect(time.nowUs()).toBe(5_000);
  // A delay below nothing is due now, and not before.
  let rungAtUs = 0;
  time.after(-1, () => (rungAtUs = time.nowUs()));
  time.advanceTo(5_000);
  expect(rungAtUs).toBe(5_000);
});
