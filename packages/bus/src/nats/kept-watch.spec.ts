import { expect, test } from '@jest/globals';
import { KeptWatch } from './kept-watch.js';

test('a place whose writes get no answer is told, once, by name, until it keeps what it is given', () => {
  const told: (string | null)[] = [];
  let isConnected = true;
  const watch = new KeptWatch(() => isConnected, (failure) => void told.push(failure));
  // One may be lost on its way, and of a server that is away nothing is known.
  watch.onUnanswered('ORDERS');
  watch.onKept('ORDERS');
  isConnected = false;
  for (let times = 0; times < 5; times++) watch.onUnanswered('ORDERS');
  isConnected = true;
  watch.onUnanswered('ORDERS');
  expect(told).toEqual([]);
  for (let times = 0; times < 3; times++) watch.onUnanswered('ORDERS');
  const orders = 'NATS (the server of NATS_URL) keeps nothing in ORDERS (it answers no write)';
  expect(told.splice(0)).toEqual([orders]);
  // Others that are kept say nothing of it.
  watch.onKept('FILLS');
  watch.onRefused('KV_leases', 'no space left on device');
  expect(told.splice(0)).toEqual([expect.stringMatching(/ in KV_leases \(no space left on device\), ORDERS \(it answers no write\)$/)]);
  watch.onKept('KV_leases');
  watch.onKept('ORDERS');
  expect(told).toEqual([orders, null]);
});
