import { expect, test } from '@jest/globals';
import { Column, type PlaceOutcome, type VenueOrderRequest } from '@parallax/types';
import { book, place, request, venueWith } from '../../test/paper-stand.js';
import { bookRow, specification } from '../../test/rows.js';
import type { PaperVenue } from './paper-venue.js';
import { shortenJournal } from './shorten-journal.js';

const filled = (of: PaperVenue, fields: Partial<VenueOrderRequest>, nowUs: number): string =>
  (place(of, request(fields), nowUs)[0] as Extract<PlaceOutcome, { kind: 'accepted' }>).order.filledSize;
const bids = { side: 'sell', price: '100.0' } as const;

test('what was taken of a level stays taken over a restart, until the market changes the level', () => {
  const { venue, journal } = venueWith();
  venue.onBook(0, book, 1);
  expect(filled(venue, { clientId: 'a0', price: '90.0' }, 5)).toBe('0');
  expect([filled(venue, { size: '0.030' }, 10), filled(venue, { clientId: 'a2', size: '0.010' }, 11), filled(venue, { ...bids, clientId: 'a3', size: '0.020' }, 12)])
    .toEqual(['0.03', '0.01', '0.02']);
  const { venue: after } = venueWith({ records: journal.records, journal });
  after.onBook(0, book, 20);
  // All of the first ask is taken, ten of the second, twenty of the bid.
  expect([filled(after, { clientId: 'b1', size: '0.050' }, 21), filled(after, { ...bids, clientId: 'b2', size: '0.050' }, 22)]).toEqual(['0.03', '0.03']);
  const { venue: again } = venueWith({ records: shortenJournal(journal.records, 9) });
  again.onBook(0, book, 30);
  expect([filled(again, { clientId: 'c1' }, 31), filled(again, { ...bids, clientId: 'c2' }, 32)]).toEqual(['0', '0']);
  again.onBook(0, bookRow([], [[1002, 31]], { id: 2 }), 33);
  expect(filled(again, { clientId: 'c3' }, 34)).toBe('0.031');
});

test('what was taken counts no more where the first keyframe shows another size', () => {
  const { venue, journal } = venueWith();
  venue.onBook(0, book, 1);
  expect(filled(venue, {}, 10)).toBe('0.05');
  const { venue: after } = venueWith({ records: journal.records });
  after.onBook(0, bookRow([[1000, 50]], [[1002, 29], [1003, 40]], { id: 9, keyframe: true }), 20);
  expect(filled(after, { clientId: 'b1', size: '0.100' }, 21)).toBe('0.049');
});

test('what was taken stays so where the instrument gets other scales, and is left where they cannot express it', () => {
  const { venue, journal, instruments } = venueWith();
  venue.onBook(0, book, 1);
  expect(filled(venue, {}, 10)).toBe('0.05');
  const finer = { ...specification, priceScale: 2, sizeScale: 4, priceStep: 10, sizeStep: 10, minimumSize: 20, version: 2 };
  const row = bookRow([[10_000, 500]], [[10_020, 300], [10_030, 400]], { id: 1, keyframe: true });
  row[Column.specificationVersion] = 2;
  instruments.add(finer);
  venue.onBook(0, row, 11);
  expect(filled(venue, { clientId: 'a2', size: '0.100' }, 12)).toBe('0.02');
  const coarser = venueWith({ records: journal.records }, { ...specification, priceScale: 0, version: 2 }).venue;
  const coarse = bookRow([], [[100, 30]], { id: 1, keyframe: true });
  coarse[Column.specificationVersion] = 2;
  coarser.onBook(0, coarse, 20);
  expect(filled(coarser, { clientId: 'b1', price: '101' }, 21)).toBe('0.03');
});
