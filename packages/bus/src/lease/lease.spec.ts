import { expect, test } from '@jest/globals';
import { Lease } from './lease.js';
import type { LeaseRecord, LeaseSink, LeaseWrite } from './lease.js';

const SECOND = 1_000_000;

/** A candidate with a record of what it was told. */
function candidate(holder: string): { lease: Lease; told: string[] } {
  const told: string[] = [];
  const sink: LeaseSink = {
    onGranted: (epoch) => told.push(`granted ${epoch}`),
    onDoubt: (epoch) => told.push(`doubt ${epoch}`),
    onConfirmed: (epoch) => told.push(`confirmed ${epoch}`),
    onLost: (epoch) => told.push(`lost ${epoch}`),
  };
  return { lease: new Lease(holder, sink), told };
}

/** An entry with compare-and-set, as the bucket keeps it. */
class Entry {
  revision = 0;
  record: LeaseRecord | null = null;
  put(write: LeaseWrite): number | null {
    if (write.expectedRevision !== this.revision && !(write.expectedRevision === 0 && this.record === null)) return null;
    this.record = write.record;
    return ++this.revision;
  }
}

function grant(lease: Lease, entry: Entry, nowUs: number): void {
  lease.onEntry(entry.record, entry.revision, nowUs);
  lease.onWritten(entry.put(lease.onWake(Math.max(nowUs, lease.wakeAtUs()))!)!, nowUs);
}

test('a free lease is taken at once, renewed a few times a second, and its epoch is the revision of the grant', () => {
  const entry = new Entry();
  const { lease, told } = candidate('a');
  expect(lease.onWake(0)).toBeNull();
  lease.onEntry(null, 0, 0);
  expect(lease.wakeAtUs()).toBe(0);
  lease.onWritten(entry.put(lease.onWake(0)!)!, 10);
  expect(told).toEqual(['granted 1']);
  expect(lease.actingEpoch(10)).toBe(1);
  expect(lease.onWake(10)).toBeNull();
  let nowUs = 0;
  for (let renewal = 0; renewal < 8; renewal++) {
    nowUs = lease.wakeAtUs();
    const write = lease.onWake(nowUs)!;
    expect(write.record).toEqual({ holder: 'a', epoch: 1 });
    const revision = entry.put(write)!;
    // The watch may tell before the answer comes.
    lease.onEntry(entry.record, revision, nowUs);
    lease.onWritten(revision, nowUs);
  }
  expect(nowUs).toBe(2 * SECOND);
  expect(lease.actingEpoch(nowUs)).toBe(1);
  expect(told).toEqual(['granted 1']);
});

test('others wait for silence on their own clock, and one takes over', () => {
  const entry = new Entry();
  const first = candidate('a');
  grant(first.lease, entry, 0);
  const second = candidate('b');
  const third = candidate('c');
  // Their clocks are far apart from the first one's.
  second.lease.onEntry(entry.record, entry.revision, 500 * SECOND);
  third.lease.onEntry(entry.record, entry.revision, 900 * SECOND);
  expect(second.lease.onWake(500.8 * SECOND)).toBeNull();
  entry.put(first.lease.onWake(250_000)!);
  second.lease.onEntry(entry.record, entry.revision, 500.85 * SECOND);
  expect(second.lease.onWake(501.7 * SECOND)).toBeNull();
  const takeOver = second.lease.onWake(501.75 * SECOND)!;
  const late = third.lease.onWake(901 * SECOND)!;
  second.lease.onWritten(entry.put(takeOver)!, 501.76 * SECOND);
  expect(entry.put(late)).toBeNull();
  third.lease.onConflict(901 * SECOND);
  expect(second.told).toEqual(['granted 3']);
  expect(third.told).toEqual([]);
  first.lease.onWritten(2, 260_000);
  first.lease.onEntry(entry.record, entry.revision, 260_001);
  expect(first.told).toEqual(['granted 1', 'lost 1']);
});

test('a holder that slept may not act before anything else has run', () => {
  const entry = new Entry();
  const { lease, told } = candidate('a');
  grant(lease, entry, 0);
  expect(lease.actingEpoch(599_999)).toBe(1);
  expect(lease.actingEpoch(600_000)).toBeNull();
  const other = candidate('b');
  other.lease.onEntry(entry.record, entry.revision, 0);
  other.lease.onWritten(entry.put(other.lease.onWake(900_000)!)!, 900_000);
  const renewal = lease.onWake(5 * SECOND)!;
  expect(told).toEqual(['granted 1', 'doubt 1']);
  expect(entry.put(renewal)).toBeNull();
  lease.onConflict(5 * SECOND);
  expect(told).toEqual(['granted 1', 'doubt 1', 'lost 1']);
  expect(other.told).toEqual(['granted 2']);
});

test('while nothing can be written there is doubt and no loss; the epoch stands when the renewal comes through', () => {
  const entry = new Entry();
  const { lease, told } = candidate('a');
  const other = candidate('b');
  grant(lease, entry, 0);
  other.lease.onEntry(entry.record, entry.revision, 0);
  for (let nowUs = 250_000; nowUs < 5 * SECOND; nowUs += 250_000) {
    if (lease.onWake(nowUs) !== null) lease.onFailed();
    if (other.lease.onWake(nowUs) !== null) other.lease.onFailed();
  }
  expect(told).toEqual(['granted 1', 'doubt 1']);
  expect(lease.actingEpoch(5 * SECOND)).toBeNull();
  lease.onWritten(entry.put(lease.onWake(5 * SECOND)!)!, 5 * SECOND);
  expect(told).toEqual(['granted 1', 'doubt 1', 'confirmed 1']);
  expect(lease.actingEpoch(5.1 * SECOND)).toBe(1);
  expect(entry.put(other.lease.onWake(5 * SECOND)!)).toBeNull();
  expect(other.told).toEqual([]);
});

test('a lease given back is taken at once, with a greater epoch', () => {
  const entry = new Entry();
  const { lease, told } = candidate('a');
  grant(lease, entry, 0);
  const other = candidate('b');
  other.lease.onEntry(entry.record, entry.revision, 0);
  lease.onReleased();
  entry.record = null;
  entry.revision++;
  other.lease.onEntry(null, entry.revision, 1_000);
  expect(other.lease.wakeAtUs()).toBe(1_000);
  other.lease.onWritten(entry.put(other.lease.onWake(1_000)!)!, 1_000);
  expect(told).toEqual(['granted 1', 'lost 1']);
  expect(other.told).toEqual(['granted 3']);
});

test('late renewals, slow answers, doubts and losses are counted; giving the lease back is no loss', () => {
  const entry = new Entry();
  const { lease } = candidate('a');
  grant(lease, entry, 0);
  const renew = (nowUs: number, tookUs: number): void => lease.onWritten(entry.put(lease.onWake(nowUs)!)!, nowUs + tookUs);
  renew(250_000, 2_000);
  renew(540_000, 3_000);
  // Due at 790,000: the process had no time for 260 ms, then so little that it doubted.
  renew(1_050_000, 40_000);
  renew(1_900_000, 1_000);
  expect(lease.counters).toEqual({
    leaseRenewals: 4, leaseLate: 2, leaseLatestUs: 600_000, leaseSlowestUs: 40_000, leaseDoubts: 1, leaseLost: 0,
  });
  lease.onEntry({ holder: 'b', epoch: 0 }, entry.revision + 1, 1_950_000);
  expect(lease.counters.leaseLost).toBe(1);
  const other = candidate('b');
  grant(other.lease, new Entry(), 0);
  other.lease.onReleased();
  expect(other.lease.counters.leaseLost).toBe(0);
});
