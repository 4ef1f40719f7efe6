import type { PastStrangers } from '@parallax/execution';
import type { Trouble } from '@parallax/types';

/** What keeps an account from being part of a key. */
const NO_KEY = /[^\w.-]/g;

/** A warning for each account and venue, as long as this instance acts: its positions do not count what these orders filled. */
export function troublesOfPast(strangers: readonly PastStrangers[]): Trouble[] {
  return strangers.map(({ account, venue, orders, lastId }) => ({
    key: `strangers.${account.replaceAll(NO_KEY, '_')}.${venue}`,
    severity: 'warning',
    summary:
      `while execution was away ${venue} filled ${orders === 1 ? 'an order' : `${orders} orders`} of account ${account} that ${orders === 1 ? 'is' : 'are'} not ours, ` +
      `the last one ${lastId}: no position here counts them. Compare with the venue`,
  }));
}
