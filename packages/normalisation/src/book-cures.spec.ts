import { expect, test } from '@jest/globals';
import { TrustCause } from '@parallax/types';
import { BookCures } from './book-cures.js';

const SECOND = 1_000_000;
const HOUR = 3_600;

/** An hour of a book that is lost again `holds` seconds after each snapshot, which comes 0.2 s after it is asked for. */
function hourOf(holds: number, cause: TrustCause = TrustCause.checksumFailed) {
  let nowUs = 0;
  const askedAt: number[] = [];
  let comesAtUs = Infinity;
  let lostAtUs = 0;
  let stands = false;
  const cures = new BookCures(() => {
    askedAt.push(nowUs / SECOND);
    comesAtUs = nowUs + SECOND / 5;
  });
  for (; nowUs < HOUR * SECOND; nowUs += SECOND / 10) {
    if (nowUs >= comesAtUs) {
      comesAtUs = Infinity;
      stands = holds > 0;
      lostAtUs = nowUs + holds * SECOND;
    }
    if (nowUs >= lostAtUs) {
      stands = false;
      lostAtUs = Infinity;
      cures.want(7, cause, nowUs);
    }
    if (stands) cures.stands(7, nowUs);
    if (nowUs >= cures.wakeAtUs) cures.onWake(nowUs);
  }
  return { askedAt, cures };
}

test('a snapshot that never holds is asked for 15 times in an hour, at last every ten minutes, and is told', () => {
  for (const holds of [0, 0.3]) {
    const { askedAt, cures } = hourOf(holds);
    expect(askedAt.length).toBe(15);
    expect(askedAt[0]).toBe(0);
    const waits = askedAt.slice(1).map((at, i) => at - askedAt[i]);
    expect(waits.every((wait, i) => i === 0 || wait > waits[i - 1] - 0.2)).toBe(true);
    expect(Math.floor(waits.at(-1)!)).toBe(600);
    expect(cures.uncured()).toMatchObject([{ instrument: 7, failures: askedAt.length }]);
  }
});

test('one that holds less than a minute is asked for no more often, whatever it is that was lost', () => {
  for (const cause of [TrustCause.gap, TrustCause.crossed, TrustCause.tickerDisagrees, TrustCause.numberRefused]) {
    const { askedAt, cures } = hourOf(50, cause);
    expect(askedAt.length).toBe(14);
    expect(cures.uncured().length).toBe(1);
  }
});

test('one that holds for a minute is a cure: the next is asked for at once', () => {
  const { askedAt, cures } = hourOf(90);
  expect(askedAt.length).toBeGreaterThan(35);
  expect(cures.uncured()).toEqual([]);
});

test('what says nothing of a cure does not count: renewals, connections that end, snapshots that do not come', () => {
  const asked: number[] = [];
  const cures = new BookCures((instrument) => asked.push(instrument));
  let nowUs = 0;
  for (const cause of [TrustCause.beyondSnapshot, TrustCause.snapshotMissing, TrustCause.connectionGap]) {
    for (let round = 0; round < 10; round++) {
      const before = asked.length;
      cures.want(7, cause, nowUs);
      expect([cause, round, asked.length - before]).toEqual([cause, round, 1]);
      cures.stands(7, (nowUs += SECOND));
    }
  }
  expect(cures.uncured()).toEqual([]);
});

test('a minute of standing ends the trouble', () => {
  let nowUs = 0;
  const cures = new BookCures(() => {});
  for (let round = 0; round < 6; round++) {
    cures.want(7, TrustCause.checksumFailed, nowUs);
    nowUs += 100 * SECOND;
    cures.onWake(nowUs);
  }
  expect(cures.uncured()).toMatchObject([{ failures: 5 }]);
  for (const after of [0, 59]) {
    cures.stands(7, nowUs + after * SECOND);
    expect(cures.uncured().length).toBe(1);
  }
  cures.stands(7, nowUs + 60 * SECOND);
  expect(cures.uncured()).toEqual([]);
});
