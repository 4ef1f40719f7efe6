import { expect, test } from '@jest/globals';
import type { OrdersOutcome } from '@parallax/types';
import { book, place, request, venueWith } from '../../test/paper-stand.js';
import { bookRow, specification, tradesRow } from '../../test/rows.js';

test('open orders are those that rest, of the account that asks; changed since are those that filled or ended by then', () => {
  const { venue } = venueWith();
  venue.onBook(0, book, 1);
  const rests = { timeInForce: 'GTC', price: '100.0', size: '0.020' } as const;
  place(venue, request({ clientId: 'filled', size: '0.010' }), 10);
  place(venue, request({ ...rests, clientId: 'rests' }), 20);
  place(venue, request({ ...rests, clientId: 'cancelled', price: '99.0' }), 21);
  place(venue, request({ ...rests, clientId: 'theirs', account: 'other' }), 22);
  venue.cancel({ account: 'main', clientId: 'cancelled', venue: 'kraken', symbol: 'BTC/USD', epoch: 1, grantedBy: 'bus' }, () => {}, 30);
  const ids: string[][] = [];
  const note = (outcome: OrdersOutcome): void => void ids.push(outcome.kind === 'found' ? outcome.orders.map(({ clientId }) => clientId) : [outcome.kind]);
  const asked = (): string[][] => {
    for (const account of ['main', 'other', 'nobody']) venue.openOrders(account, null, note, 40);
    for (const sinceUs of [10, 11, 30, 31]) venue.changedSince('main', sinceUs, null, note, 40);
    return ids.splice(0);
  };
  expect(asked()).toEqual([['rests'], ['theirs'], [], ['filled', 'cancelled'], ['cancelled'], ['cancelled'], []]);
  // A fill is a change of an order that goes on resting.
  venue.onTrades(0, tradesRow({ price: 1000, size: 55, side: -1 }), 40);
  venue.onWake(40);
  expect(asked()).toEqual([['rests'], ['theirs'], [], ['filled', 'cancelled', 'rests'], ['cancelled', 'rests'], ['cancelled', 'rests'], ['rests']]);
});

test('missing books are those of instruments that were asked for, without a keyframe or with a break since', () => {
  const { venue, instruments } = venueWith();
  const [other, foreign] = ['ETH/USD', 'SOL/USD'].map((symbol) => instruments.add({ ...specification, symbol, venueSymbol: symbol }));
  instruments.add({ ...specification, venue: 'okx' });
  expect(venue.missingBooks).toEqual([]);
  venue.onBook(0, book, 1);
  place(venue, request({ symbol: 'ETH/USD' }), 10);
  expect(venue.missingBooks).toEqual([other]);
  venue.onBook(other, book, 11);
  expect(venue.missingBooks).toEqual([]);
  venue.onBook(0, bookRow([], [[1002, 31]], { id: 7 }), 12);
  venue.onBook(foreign, bookRow([], [[1002, 31]], { id: 7 }), 12);
  expect(venue.missingBooks).toEqual([0, foreign]);
});
