import { expect, test } from '@jest/globals';
import { SeededRandom } from '@parallax/market-model';
import type { PlaceOutcome, VenueOrderRequest } from '@parallax/types';
import { place, request, venueWith } from '../../test/paper-stand.js';
import { bookRow } from '../../test/rows.js';
import { ConstantLatency } from '../latency.js';
import { VenueFaults, type FaultShares } from './venue-faults.js';

const NONE: FaultShares = { refused: 0, unfilled: 0, partial: 0, latencyUs: [0, 0] };
const faultsWith = (shares: Partial<FaultShares>, seed = '7'): VenueFaults => new VenueFaults({ ...NONE, ...shares }, new SeededRandom(seed));

/** A whole book of other sizes each time. */
const bookWith = (at: number) => bookRow([[1000, 50]], [[1002, 1_000 + at]], { id: at + 1, keyframe: true });

/** What becomes of so many orders of fifty, each at a book that is whole again. */
function fates(faults: VenueFaults, orders: number, fields: Partial<VenueOrderRequest> = {}): string[] {
  const { venue } = venueWith({ faults });
  return Array.from({ length: orders }, (_, at) => {
    venue.onBook(0, bookWith(at), at);
    const [outcome] = place(venue, request({ clientId: `c${at}`, ...fields }), at);
    return textOf(outcome);
  });
}
const textOf = (outcome: PlaceOutcome): string =>
  outcome.kind === 'accepted' ? `${outcome.order.status} ${outcome.order.filledSize}` : outcome.kind === 'rejected' ? outcome.code : outcome.kind;

test('the same seed gives the same orders the same fate; another seed another', () => {
  const shares = { refused: 0.2, unfilled: 0.2, partial: 0.3 };
  const told = fates(faultsWith(shares), 200);
  expect(fates(faultsWith(shares), 200)).toEqual(told);
  expect(fates(faultsWith(shares, '8'), 200)).not.toEqual(told);
  // Each kind of fault, and orders that nothing happens to.
  expect(new Set(told.map((fate) => fate.split(' ')[0]))).toEqual(new Set(['SYSTEM_BUSY', 'RATE_LIMITED', 'INSUFFICIENT_BALANCE', 'expired', 'filled']));
  expect(told).toContain('expired 0');
  for (const fate of told) expect(fate).toMatch(/^([A-Z_]+|expired 0(\.0[0-4]\d?)?|filled 0\.05)$/);
});

test('a share of one is every order, of none no order; what rests misses nothing', () => {
  expect(fates(faultsWith({}), 20)).toEqual(Array.from({ length: 20 }, () => 'filled 0.05'));
  const missed = faultsWith({ unfilled: 1 });
  expect([fates(missed, 20), missed.counters]).toEqual([Array.from({ length: 20 }, () => 'expired 0'), { pretendedRefusals: 0, pretendedMisses: 20 }]);
  const refused = faultsWith({ refused: 1 });
  expect(fates(refused, 20).every((fate) => /^[A-Z_]+$/.test(fate))).toBe(true);
  expect(refused.counters).toEqual({ pretendedRefusals: 20, pretendedMisses: 0 });
  const partial = fates(faultsWith({ partial: 1 }), 50).map((fate) => Number(fate.replace('expired ', '')));
  expect(Math.max(...partial)).toBeLessThan(0.05);
  expect(new Set(partial).size).toBeGreaterThan(10);
  expect(fates(faultsWith({ unfilled: 1 }), 3, { timeInForce: 'GTC', price: '99.9' })).toEqual(['open 0', 'open 0', 'open 0']);
});

test('what is refused leaves nothing, and the same order may come again', () => {
  const { venue, journal } = venueWith({ faults: faultsWith({ refused: 0.9 }) });
  venue.onBook(0, bookWith(1), 1);
  const told: string[] = [];
  for (let nowUs = 10; !told.at(-1)?.startsWith('filled'); nowUs++) told.push(textOf(place(venue, request({ validUntilUs: 1_000 }), nowUs)[0]));
  expect(told.length).toBeGreaterThan(1);
  expect(journal.records.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
});

test('ways take longer by a whole number of microseconds within the range', () => {
  const slow = faultsWith({ latencyUs: [5_000, 5_010] }).slowed(new ConstantLatency(100, 200));
  const ways = Array.from({ length: 500 }, () => [slow.entryUs(0) - 5_100, slow.responseUs(0) - 5_200]).flat();
  expect([Math.min(...ways), Math.max(...ways), new Set(ways).size]).toEqual([0, 10, 11]);
});
