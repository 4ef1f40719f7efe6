import { inventoryOf } from '@parallax/arbitrage';
import { paperBalances, settingsOf, type Environment, type Settings } from '@parallax/config';
import type { ServiceContext } from '@parallax/runtime';
import { TakeWorthTaking } from '@parallax/strategies';
import { VENUES } from '@parallax/venues';
import { Decimal } from 'decimal.js';
import { ArbitrageService } from './arbitrage-service.js';

/** Where a venue's own rate is not known. */
const DEFAULT_FEE = '0.001';
/** The sold leg and the exits are worth more than what is bought: it stays so far below the limit of one order. */
const SHARE_OF_LIMIT = '0.97';

export function createArbitrageService(context: ServiceContext, environment: Environment): ArbitrageService {
  return arbitrageOf(context, settingsOf(environment, VENUES));
}

/** Arbitrage with the one strategy of today: take what is worth taking. */
export function arbitrageOf(context: ServiceContext, settings: Settings): ArbitrageService {
  const { account, venues, takerFees, minimumEdgeBps, quoteMaxAgeUs, limits } = settings;
  // What the account began with; its balances move with execution, so this bounds a single plan and not their sum.
  const owned: Record<string, Record<string, string>> = {};
  for (const { venue, currency, amount } of paperBalances(account, venues)) (owned[venue] ??= {})[currency] = amount;
  const options = {
    fees: { default: DEFAULT_FEE, byVenue: takerFees },
    minimumEdgeBps: Number(minimumEdgeBps),
    quoteMaximumAgeUs: quoteMaxAgeUs,
    proofMaximumAgeUs: quoteMaxAgeUs,
    maximumNotional: new Decimal(limits.maxOrderNotional).times(SHARE_OF_LIMIT).toFixed(),
    inventory: inventoryOf(owned),
  };
  return new ArbitrageService(context, options, account, (instruments, onIntent) =>
    new TakeWorthTaking(instruments, { onIntent }, { account, quoteMaximumAgeUs: quoteMaxAgeUs }));
}
