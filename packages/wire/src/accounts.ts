import { ParallaxError } from '@parallax/types';
import { untoken } from './subjects.js';

/** The accounts that there are, from the keys of the bucket of limits: risk keeps limits there for each that it knows. */
export const accountsOfLimits = (keys: readonly string[]): string[] => keys.map(untoken).toSorted();

/** @throws ParallaxError `ACCOUNT_UNKNOWN` that names the accounts that there are. */
export function refuseUnknownAccount(account: string, accounts: readonly string[]): void {
  if (accounts.includes(account)) return;
  const known = accounts.length === 0 ? 'no account is known yet' : `the accounts are ${accounts.join(', ')}`;
  throw new ParallaxError('ACCOUNT_UNKNOWN', `there is no account "${account}"; ${known}`, { place: 'account' });
}
