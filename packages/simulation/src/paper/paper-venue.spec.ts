import { expect, test } from '@jest/globals';
import type { CancelOutcome, OrderOutcome, VenueOrderRequest } from '@parallax/types';
import { book, place, request, venueWith } from '../../test/paper-stand.js';
import { bookRow, specification, tradesRow } from '../../test/rows.js';
import type { JournalRecord } from './journal.js';
import type { PaperVenue } from './paper-venue.js';
import { shortenJournal } from './shorten-journal.js';

test('an order fills at the levels, with fees, and the same client id is answered with the same order', () => {
  const { venue, journal } = venueWith();
  venue.onBook(0, book, 1);
  const [first] = place(venue, request(), 10);
  expect(first).toMatchObject({
    kind: 'accepted',
    order: {
      status: 'filled', filledSize: '0.05',
      fills: [
        { price: '100.2', size: '0.030', fee: '0.012024', feeCurrency: 'USD', liquidity: 'taker' },
        { price: '100.3', size: '0.020', fee: '0.008024' },
      ],
    },
  });
  const written = journal.records.length;
  expect(place(venue, request(), 20)).toEqual([first]);
  expect(journal.records).toHaveLength(written);
});

test('latency: an order meets the book of its arrival, and the answer travels back', () => {
  const { venue, reports } = venueWith({ latencyUs: 100 });
  venue.onBook(0, book, 1);
  const outcomes = place(venue, request(), 10);
  expect(venue.wakeAtUs).toBe(110);
  venue.onBook(0, bookRow([], [[1002, 0], [1003, 0], [1001, 9]], { id: 2 }), 50);
  venue.onBook(0, bookRow([], [[1000, 500]], { id: 3 }), 150);
  expect(outcomes).toHaveLength(0);
  venue.onWake(210);
  expect(outcomes).toMatchObject([{ order: { status: 'expired', filledSize: '0.009', atUs: 110 } }]);
  expect(reports).toHaveLength(1);
});

test('stale epochs, late requests and wrong numbers are refused and leave nothing', () => {
  const { venue, journal } = venueWith();
  venue.onBook(0, book, 1);
  const code = (fields: Partial<VenueOrderRequest>, nowUs = 10) => (place(venue, request(fields), nowUs)[0] as { code?: string }).code;
  expect(code({ price: '100.25' })).toBe('NUMBER_REFUSED');
  expect(code({ symbol: 'X/Y' })).toBe('UNKNOWN_SYMBOL');
  expect(code({ timeInForce: 'GTC', postOnly: true })).toBe('WOULD_MATCH');
  expect(code({ validUntilUs: 5 })).toBe('REQUEST_TOO_OLD');
  expect(code({ epoch: 3, price: '90.0' })).toBeUndefined();
  expect(code({ epoch: 2, clientId: 'b' })).toBe('EPOCH_TOO_OLD');
  expect(journal.records.filter((record) => record.kind === 'accepted')).toHaveLength(1);
});

test('epochs of another bus bind nobody, before a restart and after it, and who holds one is told so', () => {
  const { venue, journal } = venueWith({ identity: 'x' });
  venue.onBook(0, book, 1);
  let nowUs = 20;
  const codes = (of: PaperVenue, fields: Partial<VenueOrderRequest>[]): (string | undefined)[] =>
    fields.map((field) => (place(of, request({ clientId: `c${++nowUs}`, price: '90.0', ...field }), nowUs)[0] as { code?: string }).code);
  expect(codes(venue, [{ epoch: 900, grantedBy: 'x' }, { epoch: 1_000, grantedBy: 'y' }, { epoch: 900, grantedBy: 'x' }])).toEqual([undefined, 'EPOCH_FOREIGN', undefined]);
  expect(place(venue, request({ clientId: 'f', grantedBy: 'y' }), nowUs)).toMatchObject([{ detail: expect.stringMatching(/granted by the bus y, .* on the bus x/) }]);

  // The journal goes on at a younger bus, whose leases have hardly been granted, and then at the older one again.
  const younger = venueWith({ identity: 'y', records: journal.records, journal }).venue;
  younger.onBook(0, book, nowUs);
  expect(codes(younger, [{ epoch: 3, grantedBy: 'y' }, { epoch: 2, grantedBy: 'y' }, { epoch: 901, grantedBy: 'x' }])).toEqual([undefined, 'EPOCH_TOO_OLD', 'EPOCH_FOREIGN']);
  const older = venueWith({ identity: 'x', records: shortenJournal(journal.records, nowUs) }).venue;
  older.onBook(0, book, nowUs);
  expect(codes(older, [{ epoch: 899, grantedBy: 'x' }, { epoch: 900, grantedBy: 'x' }])).toEqual(['EPOCH_TOO_OLD', undefined]);
});

test('a journal from before epochs named their bus is read, and its epochs bind nobody', () => {
  const { grantedBy: _, ...old } = request({ clientId: 'o1', timeInForce: 'GTC', price: '100.0', epoch: 900 });
  const records = [
    { kind: 'shortened', nextOrder: 4, lastTrade: 7, epochs: { main: 900 } },
    { kind: 'accepted', request: old, venueOrderId: 'kraken-paper-4', atUs: 5 },
  ] as unknown as JournalRecord[];
  const { venue } = venueWith({ records });
  venue.onBook(0, book, 20);
  const found: OrderOutcome[] = [];
  venue.order('main', 'o1', (outcome) => found.push(outcome), 20);
  expect(found).toMatchObject([{ order: { status: 'open', venueOrderId: 'kraken-paper-4' } }]);
  expect(place(venue, request({ clientId: 'n1' }), 21)).toMatchObject([{ order: { venueOrderId: 'kraken-paper-5', fills: [{ tradeId: 'kraken-paper-trade-8' }, {}] } }]);
});

test('after a crash the journal gives every order back, and what rested goes on', () => {
  const { venue, journal, reports } = venueWith();
  venue.onBook(0, book, 1);
  place(venue, request(), 10);
  place(venue, request({ clientId: 'r1', timeInForce: 'GTC', price: '100.0', size: '0.020' }), 11);
  const after = venueWith({ records: journal.records });
  const found: OrderOutcome[] = [];
  after.venue.order('main', 'a1', (outcome) => found.push(outcome), 20);
  expect(found).toEqual([{ kind: 'found', order: reports[0] }]);
  after.venue.onBook(0, book, 21);
  after.venue.onTrades(0, tradesRow({ price: 1000, size: 57, side: -1 }), 22);
  after.venue.onWake(22);
  expect(after.reports).toMatchObject([{ clientId: 'r1', status: 'open', filledSize: '0.007', fills: [{ tradeId: 'kraken-paper-trade-3' }] }]);
  const cancelled: CancelOutcome[] = [];
  after.venue.cancel({ account: 'main', clientId: 'r1', venue: 'kraken', symbol: 'BTC/USD', epoch: 1, grantedBy: 'bus' }, (outcome) => cancelled.push(outcome), 23);
  expect(cancelled).toMatchObject([{ kind: 'cancelled', order: { status: 'cancelled', filledSize: '0.007' } }]);
});

test('an order that closed is answered for a day and forgotten then, also after a restart; what rests stays', () => {
  const DAY_US = 86_400_000_000;
  const { venue, journal } = venueWith();
  venue.onBook(0, book, 1);
  place(venue, request(), 10);
  place(venue, request({ clientId: 'r1', timeInForce: 'GTC', price: '100.0', size: '0.020' }), 11);
  const found = (of: PaperVenue, clientId: string, nowUs: number): string => {
    let kind = '';
    of.order('main', clientId, (outcome) => (kind = outcome.kind), nowUs);
    return kind;
  };
  expect(found(venue, 'a1', DAY_US + 9)).toBe('found');
  expect([found(venue, 'a1', DAY_US + 10), found(venue, 'r1', DAY_US + 10)]).toEqual(['notFound', 'found']);

  const after = venueWith({ records: journal.records, journal }).venue;
  after.onBook(0, bookRow([[1000, 50]], [[1002, 31], [1003, 41]], { id: 1, keyframe: true }), DAY_US + 20);
  expect([found(after, 'a1', DAY_US + 20), found(after, 'r1', DAY_US + 20)]).toEqual(['notFound', 'found']);
  // Numbers go on: no order and no trade gets a name that was given before.
  const [next] = place(after, request({ clientId: 'a2', validUntilUs: DAY_US * 2 }), DAY_US + 21);
  expect(next).toMatchObject({ order: { venueOrderId: 'kraken-paper-2', fills: [{ tradeId: 'kraken-paper-trade-3' }, {}] } });
});

test('a shortened journal brings the same venue back, but for what closed long ago', () => {
  const { venue, journal } = venueWith();
  venue.onBook(0, book, 1);
  place(venue, request(), 10);
  place(venue, request({ clientId: 'r1', timeInForce: 'GTC', price: '100.0', size: '0.020', epoch: 4 }), 11);
  venue.onTrades(0, tradesRow({ price: 1000, size: 57, side: -1 }), 12);
  expect(shortenJournal(journal.records, 9)).toBe(journal.records);
  const shorter = shortenJournal(shortenJournal(journal.records, 10), 11);
  expect(shorter.map(({ kind }) => kind)).toEqual(['shortened', 'epoch', 'accepted', 'fill']);
  const { venue: after } = venueWith({ records: shorter });
  after.onBook(0, book, 20);
  const found: OrderOutcome[] = [];
  for (const clientId of ['a1', 'r1']) after.order('main', clientId, (outcome) => found.push(outcome), 20);
  expect(found).toMatchObject([{ kind: 'notFound' }, { order: { venueOrderId: 'kraken-paper-1', status: 'open', filledSize: '0.007' } }]);
  expect(place(after, request({ clientId: 'a2', epoch: 3 }), 21)).toMatchObject([{ code: 'EPOCH_TOO_OLD' }]);
  expect(place(after, request({ clientId: 'a2', epoch: 4 }), 22)).toMatchObject([
    { order: { venueOrderId: 'kraken-paper-2', fills: [{ tradeId: 'kraken-paper-trade-4' }, {}] } },
  ]);
});

test('a journal of instruments that are specified otherwise by now, or not at all, is no reason not to start', () => {
  const { venue, journal } = venueWith();
  venue.onBook(0, book, 1);
  place(venue, request(), 10);
  place(venue, request({ clientId: 'r1', timeInForce: 'GTC', price: '99.9', size: '0.020' }), 11);
  for (const changed of [{ ...specification, priceScale: 0, sizeScale: 1, version: 2 }, null]) {
    const { venue: after, reports } = venueWith({ records: journal.records }, changed);
    const found: OrderOutcome[] = [];
    for (const clientId of ['a1', 'r1']) after.order('main', clientId, (outcome) => found.push(outcome), 20);
    expect(found).toMatchObject([
      { order: { status: 'filled', filledSize: '0.05', fills: [{}, {}] } },
      { order: { status: 'cancelled', filledSize: '0', reason: 'the instrument was specified anew' } },
    ]);
    expect(reports).toMatchObject([{ clientId: 'r1', status: 'cancelled' }]);
  }
});

test('a cancel is of the order that its client id names', () => {
  const { venue } = venueWith();
  venue.onBook(0, book, 1);
  place(venue, request({ clientId: 'r1', timeInForce: 'GTC', price: '100.0', size: '0.020' }), 11);
  const cancelled: CancelOutcome[] = [];
  venue.cancel({ account: 'main', clientId: 'r1', venue: 'kraken', symbol: 'X/Y', epoch: 1, grantedBy: 'bus' }, (outcome) => cancelled.push(outcome), 12);
  expect(cancelled).toMatchObject([{ kind: 'cancelled', order: { status: 'cancelled' } }]);
});
