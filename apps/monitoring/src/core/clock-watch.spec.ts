import { expect, test } from '@jest/globals';
import { ClockWatch } from './clock-watch.js';

const SECOND = 1_000_000;
const START = 1_790_000_000_000_000;
const MARGIN = 250_000;

interface Speaker {
  /** Its clock less the truth. */
  readonly aheadUs: number;
  /** How long its words take. */
  readonly lateUs?: (second: number) => number;
}

/** Who is apart, and by how many seconds, after each speaker has said a word a second; `ownAheadUs` is the listener's own clock. */
function apart(speakers: Record<string, Speaker>, { seconds = 20, ownAheadUs = 0 } = {}): Record<string, number> {
  const watch = new ClockWatch(MARGIN);
  const endUs = START + seconds * SECOND;
  for (let second = 0; second < seconds; second++) {
    for (const [name, { aheadUs, lateUs = () => 2_000 }] of Object.entries(speakers)) {
      const saidAtUs = START + second * SECOND;
      watch.onWord(name, saidAtUs + aheadUs, saidAtUs + lateUs(second) + ownAheadUs);
    }
  }
  return Object.fromEntries([...watch.apart(endUs + ownAheadUs)].map(([name, { byUs }]) => [name, Math.round(byUs / 100_000) / 10]));
}

const together = { monitoring: { aheadUs: 0 }, risk: { aheadUs: 1_000 }, execution: { aheadUs: -2_000 } };

test('clocks that agree within the margin are no news', () => {
  expect(apart({ ...together, ingestion: { aheadUs: 240_000 } })).toEqual({});
  expect(apart({ ingestion: { aheadUs: 3_600 * SECOND } })).toEqual({});
  expect(apart({})).toEqual({});
});

test.each([3_600, 0.5, -0.5, -3_600])('one that is %s s ahead is found, and it alone', (seconds) => {
  expect(apart({ ...together, ingestion: { aheadUs: seconds * SECOND } })).toEqual({ ingestion: seconds });
});

test('the listener’s own clock is found out like any other', () => {
  const others = { monitoring: { aheadUs: -3_600 * SECOND }, risk: { aheadUs: 0 }, execution: { aheadUs: 0 } };
  expect(apart(others, { ownAheadUs: -3_600 * SECOND })).toEqual({ monitoring: -3_600 });
});

test('words that come late are no clock that is behind, as long as one in ten seconds comes in time', () => {
  expect(apart({ ...together, ingestion: { aheadUs: 0, lateUs: (second) => (second % 8 === 0 ? 5_000 : 3 * SECOND) } })).toEqual({});
  expect(apart({ ...together, ingestion: { aheadUs: 0, lateUs: () => 3 * SECOND } }, { seconds: 2 })).toEqual({});
});

test('a clock that stepped and came back is apart for no longer than its words stand', () => {
  const watch = new ClockWatch(MARGIN);
  const say = (name: string, aheadUs: number, second: number): void => watch.onWord(name, START + second * SECOND + aheadUs, START + second * SECOND);
  const names = (second: number): string[] => [...watch.apart(START + second * SECOND).keys()];
  for (let second = 0; second < 40; second++) {
    for (const name of ['monitoring', 'risk', 'execution']) say(name, 0, second);
    say('ingestion', second >= 10 && second < 15 ? 5 * SECOND : 0, second);
    if (second === 9) expect(names(second)).toEqual([]);
    if (second === 11) expect(names(second)).toEqual(['ingestion']);
    if (second === 26) expect(names(second)).toEqual([]);
  }
  expect([...watch.apart(START + 40 * SECOND)]).toEqual([]);
  watch.forget('ingestion');
  expect(names(100)).toEqual([]);
});
