import { expect, test } from '@jest/globals';
import type { OrderCursor, OrdersOutcome, VenueOrder } from '@parallax/types';
import { book, place, request, venueWith } from '../../test/paper-stand.js';
import { tradesRow } from '../../test/rows.js';
import type { JournalRecord, PaperVenue } from '../index.js';
import { PAGE_CHARACTERS } from './order-pages.js';

type Page = Extract<OrdersOutcome, { kind: 'found' }>;

/** Orders that filled, of `fills` fills each, as a journal holds them; `count` of them closed at each of the moments. */
function filled(count: number, moments: readonly number[], fills = 1): JournalRecord[] {
  return moments.flatMap((atUs) => Array.from({ length: count }, (_unused, index): JournalRecord[] => {
    const [clientId, order] = [`o${atUs}n${String(index).padStart(5, '0')}`, `kraken-paper-${atUs * 100_000 + index}`];
    return [
      { kind: 'accepted', request: request({ clientId }), venueOrderId: order, atUs },
      ...Array.from({ length: fills }, (_nothing, fill): JournalRecord => ({
        kind: 'fill', order,
        fill: { tradeId: `t-${fill}`, price: '100.2', size: '0.001', fee: '0.0004', feeCurrency: 'USD', liquidity: 'taker', atUs },
      })),
      { kind: 'closed', order, status: 'filled', reason: null, atUs },
    ];
  }).flat());
}

function page(venue: PaperVenue, sinceUs: number, after: OrderCursor | null): Page {
  const pages: OrdersOutcome[] = [];
  venue.changedSince('main', sinceUs, after, (outcome) => pages.push(outcome), 1_000);
  return pages[0] as Page;
}

function allPages(venue: PaperVenue, sinceUs: number, between: () => void = () => {}): VenueOrder[][] {
  const pages: VenueOrder[][] = [];
  for (let after: OrderCursor | null = null, first = true; first || after !== null; first = false) {
    const { orders, next }: Page = page(venue, sinceUs, after);
    pages.push([...orders]);
    after = next;
    between();
  }
  return pages;
}
const idsOf = (pages: readonly VenueOrder[][]): string[] => pages.flat().map(({ clientId }) => clientId);

test('thousands of orders, many of one moment, come in pages that fit, each order once, by time and id', () => {
  const { venue } = venueWith({ records: filled(1_500, [10, 20]) });
  const pages = allPages(venue, 10);
  for (const orders of pages) expect(JSON.stringify(orders).length).toBeLessThan(PAGE_CHARACTERS * 1.1);
  const ids = idsOf(pages);
  expect([ids.length, new Set(ids).size, ids]).toEqual([3_000, 3_000, ids.toSorted()]);
  expect(idsOf(allPages(venue, 20))).toEqual(ids.slice(1_500));
});

test('an order counts with the fills that it has, and one alone is a page', () => {
  const { venue } = venueWith({ records: filled(3, [10], 450) });
  expect(allPages(venue, 0).map(({ length }) => length)).toEqual([1, 1, 1]);
});

test('what changes between pages is left out by none: it comes on a later page, also where it came before', () => {
  const { venue } = venueWith({ records: filled(600, [10, 20]) });
  venue.onBook(0, book, 30);
  place(venue, request({ clientId: 'rests', timeInForce: 'GTC', price: '100.0', size: '0.020' }), 30);
  let turn = 0;
  const pages = allPages(venue, 10, () => {
    if (turn++ > 0) return;
    // Filled only now, after the first page was told.
    venue.onTrades(0, tradesRow({ price: 1000, size: 55, side: -1 }), 900);
    venue.onWake(900);
  });
  expect(pages.length).toBeGreaterThan(2);
  const ids = idsOf(pages);
  expect([ids.length, new Set(ids).size, ids.at(-1)]).toEqual([1_201, 1_201, 'rests']);
});

test('a cursor holds in another instance that has read the journal', () => {
  const records = filled(600, [10, 20]);
  const first = page(venueWith({ records }).venue, 10, null);
  const { orders } = page(venueWith({ records: [...records] }).venue, 10, first.next);
  expect(orders[0].clientId > first.orders.at(-1)!.clientId).toBe(true);
  expect(Number(orders[0].clientId.slice(4)) - Number(first.orders.at(-1)!.clientId.slice(4))).toBe(1);
});

test('orders that closed after a step back of the clock are found at their time', () => {
  const records = [...filled(2, [30]), ...filled(2, [10]), ...filled(2, [20])];
  const { venue } = venueWith({ records });
  expect(idsOf(allPages(venue, 20))).toEqual(['o20n00000', 'o20n00001', 'o30n00000', 'o30n00001']);
});
