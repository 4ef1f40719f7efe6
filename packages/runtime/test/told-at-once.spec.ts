import { beforeEach, expect, test } from '@jest/globals';
import { createLog, Outage, type Log } from '@parallax/telemetry';
import { BusWatch } from '../src/bus-watch.js';
import { DoubtLog } from '../src/doubt-log.js';

let nowUs: number;
let due: { atUs: number; run: () => void }[];
let lines: string[];
let log: Log;
const clock = { nowUs: () => nowUs };
const timers = {
  after: (delayMs: number, run: () => void) => {
    const one = { atUs: nowUs + delayMs * 1_000, run };
    due.push(one);
    return () => void (due = due.filter((other) => other !== one));
  },
};
const pass = (seconds: number): void => {
  nowUs += seconds * 1e6;
  const ready = due.filter(({ atUs }) => atUs <= nowUs);
  due = due.filter((one) => !ready.includes(one));
  for (const { run } of ready) run();
};

beforeEach(() => {
  nowUs = 1_000_000;
  due = [];
  lines = [];
  const destination = { write: (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg) };
  log = createLog({ service: 'risk', instance: 'r', destination, pace: { clock, timers } });
});

/** What is written of four times within a minute that something begins and ends, each time at once. */
function linesOf(begin: () => void, end: () => void): string[] {
  for (let times = 1; times <= 4; times++) {
    begin();
    pass(2);
    expect(lines).toHaveLength(2 * times - 1);
    end();
    expect(lines).toHaveLength(2 * times);
    pass(5);
  }
  return lines.slice(-2);
}

test('a lease that cannot be renewed again and again within a minute is told each time at once, and so is each end', () => {
  const doubts = new DoubtLog('risk', { timers, log }, () => 'no answer');
  expect(linesOf(() => doubts.begin(3), () => doubts.end(3))).toEqual(['the lease of risk cannot be renewed; it writes nothing new', 'the doubt about the lease of risk is over']);
});

test('so is a bus that is away again and again, and a store that fails', () => {
  const watch = new BusWatch(clock, log, true);
  const address = 'nats:4222';
  expect(linesOf(() => watch.onStatus({ type: 'disconnected', address }), () => watch.onStatus({ type: 'connected', address }))).toEqual([
    'the bus is away; it is looked for until it is back', 'the bus is back',
  ]);
  lines = [];
  const tries = (): void => {
    for (let number = 0; number < 9; number++) watch.onStatus({ type: 'store', failure: 'no space left' });
  };
  expect(linesOf(tries, () => watch.onStatus({ type: 'store', failure: null }))).toEqual([
    'the bus can keep nothing; it is tried again until it can', 'the bus keeps what is durable again',
  ]);
});

test('so is a collector of spans that is away', () => {
  const outage = new Outage('the collector of spans', 'otel:4318', log, clock);
  expect(linesOf(() => outage.failed('refused', 1), () => outage.worked())[1]).toBe('the collector of spans takes what it is given again');
});
