import { expect, test } from '@jest/globals';
import { Money } from '@parallax/money';
import { Trust } from '@parallax/types';
import { openProfit } from '../src/loss.js';
import { ACCOUNT, fillOf, NOW, orderOf, pairIntent, spot, worldOf } from './support.js';

const SECOND = 1_000_000;

test.each([['c', 'd', '-20'], ['d', 'c', '-10']])('where every book is blind the mark that was trusted last counts: first %s, then %s', (first, second, open) => {
  const { core, quote } = worldOf([spot('c'), spot('d')]);
  core.onFill(fillOf({ ...orderOf(pairIntent('held'), 0), venue: 'c' }, 'f', '0.01', '100000.00'), NOW);
  const middles: Record<string, [string, string]> = { c: ['98999.00', '99001.00'], d: ['97999.00', '98001.00'] };
  quote(first, 'BTC/USDT', ...middles[first], { atUs: NOW });
  quote(second, 'BTC/USDT', ...middles[second], { atUs: NOW + SECOND });
  for (const venue of [second, first]) quote(venue, 'BTC/USDT', '1.00', '2.00', { trust: Trust.resyncing, atUs: NOW + 2 * SECOND });
  const found = openProfit(core.ledger(ACCOUNT), core.exactLimits(ACCOUNT), core.quotes, NOW + 60 * SECOND);
  expect([found.open.toFixed(), found.unmarked]).toEqual([new Money(open).toFixed(), []]);
});
