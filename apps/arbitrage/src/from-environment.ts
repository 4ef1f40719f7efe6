import { inventoryOf } from '@parallax/arbitrage';
import { paperBalances, settingsOf, type Environment } from '@parallax/config';
import type { ServiceContext } from '@parallax/runtime';
import { TakeWorthTaking } from '@parallax/strategies';
import { VENUES } from '@parallax/venues';
import { ArbitrageService } from './arbitrage-service.js';

/** Where a venue's own rate is not known. */
const DEFAULT_FEE = '0.001';

/** Arbitrage with the one strategy of today: take what is worth taking. */
export function createArbitrageService(context: ServiceContext, environment: Environment): ArbitrageService {
  const { account, venues, takerFees, minimumEdgeBps, quoteMaxAgeUs, limits } = settingsOf(environment, VENUES);
  // What the account began with; its balances move with execution, so this bounds a single plan and not their sum.
  const owned: Record<string, Record<string, string>> = {};
  for (const { venue, currency, amount } of paperBalances(account, venues)) (owned[venue] ??= {})[currency] = amount;
  const options = {
    fees: { default: DEFAULT_FEE, byVenue: takerFees },
    minimumEdgeBps: Number(minimumEdgeBps),
    quoteMaximumAgeUs: quoteMaxAgeUs,
    proofMaximumAgeUs: quoteMaxAgeUs,
    maximumNotional: limits.maxOrderNotional,
    inventory: inventoryOf(owned),
  };
  return new ArbitrageService(context, options, account, (instruments, onIntent) =>
    new TakeWorthTaking(instruments, { onIntent }, { account, quoteMaximumAgeUs: quoteMaxAgeUs }));
}
