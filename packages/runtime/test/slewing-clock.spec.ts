import { describe, expect, test } from '@jest/globals';
import { seeded } from '@parallax/testing';
import { DEFAULT_SLEWING, SlewingClock, SystemClock } from '../src/index.js';

const SECOND = 1_000_000;
const HOUR = 3_600 * SECOND;
const START_US = 1_790_000_000_000_000;

/** A machine whose two clocks the test drives, and ours on it, looked at every 10 ms of them as services do. */
class Machine {
  monotonicUs = 5_000_000;
  wallUs = START_US;
  /** Microseconds that the wall gains on the monotonic clock in each second. */
  drift = 0;
  readonly clock = new SystemClock({ monotonicUs: () => this.monotonicUs, wallUs: () => this.wallUs });
  lastUs = this.clock.nowUs();
  /** The fastest and the slowest that ours ran, apart from jumps. */
  slowest = Infinity;
  fastest = 0;

  run(forUs: number, stepUs = 10_000): void {
    for (let passed = 0; passed < forUs; passed += stepUs) {
      this.monotonicUs += stepUs;
      this.wallUs += stepUs * (1 + this.drift / SECOND);
      const nowUs = this.clock.nowUs();
      const ranUs = nowUs - this.lastUs;
      if (ranUs < 0 || !Number.isSafeInteger(nowUs)) throw new Error(`from ${this.lastUs} to ${nowUs}`);
      if (ranUs < 2 * stepUs) {
        this.slowest = Math.min(this.slowest, ranUs / stepUs);
        this.fastest = Math.max(this.fastest, ranUs / stepUs);
      }
      this.lastUs = nowUs;
    }
  }

  /** Ours less the machine's, in microseconds. */
  get apartUs(): number {
    return this.clock.nowUs() - this.wallUs;
  }
}

describe('a clock that follows the machine’s', () => {
  test('runs with it, to the microsecond, where nothing happens', () => {
    const machine = new Machine();
    machine.run(10 * SECOND, 777);
    expect(machine.apartUs).toBeCloseTo(0, -1);
    expect(machine.clock.doubt()).toBeNull();
  });

  test.each([200, -200])('keeps up for days with a wall that gains %s ppm', (drift) => {
    const machine = new Machine();
    machine.drift = drift;
    machine.run(3 * 24 * HOUR, 5 * SECOND);
    expect(Math.abs(machine.apartUs)).toBeLessThan(5_000);
    expect(machine.clock.doubt()).toBeNull();
  });

  test.each([900_000, -900_000])('closes %s µs by running a hundredth faster or slower, and is not in doubt', (byUs) => {
    const machine = new Machine();
    machine.wallUs += byUs;
    machine.run(30 * SECOND);
    expect(machine.apartUs / -byUs).toBeCloseTo(0.667, 1);
    expect(machine.clock.doubt()).toBeNull();
    machine.run(130 * SECOND);
    expect(Math.abs(machine.apartUs)).toBeLessThan(10_000);
    expect([machine.slowest, machine.fastest].every((rate) => rate > 0.989 && rate < 1.011)).toBe(true);
  });

  test('set ahead by NTP: it goes there at once, in doubt until the machine has run evenly for a while', () => {
    const machine = new Machine();
    machine.run(SECOND);
    machine.wallUs += 5 * SECOND;
    machine.run(10_000);
    expect(Math.abs(machine.apartUs)).toBeLessThan(1_000);
    expect(machine.clock.doubt()).toMatch(/went ahead by 5\.0 s at once/);
    machine.run(9 * SECOND);
    expect(machine.clock.doubt()).not.toBeNull();
    machine.run(2 * SECOND);
    expect(machine.clock.doubt()).toBeNull();
  });

  test('a laptop that slept: what was heard before is as old as it is, at the first look after it woke', () => {
    const machine = new Machine();
    machine.run(SECOND);
    const heardAtUs = machine.clock.nowUs();
    machine.wallUs += 8 * HOUR;
    machine.run(10_000);
    expect(machine.clock.nowUs() - heardAtUs).toBeGreaterThanOrEqual(8 * HOUR);
    expect(machine.clock.doubt()).toMatch(/went ahead by 28800\.0 s at once \(it slept/);
    machine.run(11 * SECOND);
    expect(machine.clock.doubt()).toBeNull();
  });

  test('set back: it never runs backwards, slows down, and is in doubt until the two agree again', () => {
    const machine = new Machine();
    machine.run(SECOND);
    machine.wallUs -= 5 * SECOND;
    machine.run(10_000);
    expect(machine.clock.doubt()).toMatch(/set back .* stands 5\.0 s behind ours.* in about 8 min: nothing new is opened meanwhile.*NTP/);
    machine.run(300 * SECOND);
    expect(machine.apartUs).toBeGreaterThan(SECOND);
    expect(machine.clock.doubt()).not.toBeNull();
    machine.run(176 * SECOND);
    expect(Math.abs(machine.apartUs)).toBeLessThan(DEFAULT_SLEWING.agreeUs);
    expect(machine.clock.doubt()).toBeNull();
    expect(machine.slowest).toBeGreaterThan(0.989);
  });

  test('whatever becomes of the wall, ours never runs backwards, and is in doubt wherever it is far from it', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = seeded(seed);
      const machine = new Machine();
      for (let event = 0; event < 40; event++) {
        const kind = random();
        if (kind < 0.3) machine.wallUs += (random() - 0.5) * 2 * 10 ** (random() * 10);
        else if (kind < 0.5) machine.drift = (random() - 0.5) * 20_000;
        machine.run(random() * 20 * SECOND, 2_000 + Math.floor(random() * 50_000));
        machine.run(20_000);
        if (Math.abs(machine.apartUs) > 1.01 * DEFAULT_SLEWING.stepUs) expect(machine.clock.doubt()).not.toBeNull();
      }
    }
  });
});

test('the machine’s own: integer microseconds that agree with its wall', () => {
  const clock = new SystemClock();
  for (let look = 0; look < 1_000; look++) {
    const before = Date.now() * 1000;
    const nowUs = clock.nowUs();
    const after = (Date.now() + 1) * 1000;
    expect(Number.isSafeInteger(nowUs)).toBe(true);
    expect(nowUs).toBeGreaterThan(before - 250_000);
    expect(nowUs).toBeLessThan(after + 250_000);
  }
});

test('a core of its own: readings at any distance give whole microseconds', () => {
  const clock = new SlewingClock(0.25, START_US + 0.75);
  clock.compare(10.125, START_US + 900_000.5);
  expect(clock.at(SECOND)).toBe(START_US + Math.round(11 + (SECOND - 10.125) * 1.01));
  expect(clock.offsetUs).toBeGreaterThan(899_000);
});
